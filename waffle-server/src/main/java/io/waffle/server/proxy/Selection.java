// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.RequestHead;
import io.waffle.server.pool.PickContext;
import java.util.Optional;

/** What a strategy may know of a request: read from its head when it is asked for, and not before. */
final class Selection extends PickContext {

    private final RequestHead head;
    private ClientAddress client = new ClientAddress(0, 0);

    Selection(RequestHead head) {
        this.head = head;
    }

    void begin(ClientAddress from) {
        reset();
        client = from;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String target() {
        return head.path();
    }

    @Override
    public Optional<String> field(String name) {
        return Optional.ofNullable(head.findValue(name));
    }

    @Override
    public ClientAddress client() {
        return client;
    }
}
