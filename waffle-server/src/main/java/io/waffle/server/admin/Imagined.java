// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.api.ClientAddress;
import io.waffle.server.pool.PickContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request that is not there: what a choice is explained for. */
final class Imagined extends PickContext {

    private final String method;
    private final String target;
    private final Map<String, String> fields;
    private final ClientAddress client;

    /**
     * One such request.
     *
     * @param fields by their names in lower case
     */
    Imagined(String method, String target, Map<String, String> fields, ClientAddress client) {
        this.method = method;
        this.target = target;
        this.fields = fields;
        this.client = client;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public ClientAddress client() {
        return client;
    }
}
