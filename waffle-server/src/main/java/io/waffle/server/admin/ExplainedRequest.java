// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.CookieTokens;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestHead;
import io.waffle.server.pool.PickContext;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.pool.StickyTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that is not there: what a choice is explained for. */
final class ExplainedRequest extends PickContext {

    private final String method;
    private final String target;
    private final Map<String, String> fields;
    private final ClientAddress client;

    /**
     * One such request.
     *
     * @param fields by their names in lower case
     */
    ExplainedRequest(String method, String target, Map<String, String> fields, ClientAddress client) {
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

    @Override
    protected @Nullable PooledBackend named(StickyTable table) {
        String cookie = fields.get("cookie");
        return cookie == null ? null : table.find(new CookieTokens(head(cookie)));
    }

    /** One that has nothing to tell but this. */
    private static RequestHead head(String cookie) {
        byte[] bytes =
                ("GET / HTTP/1.1\r\nHost: imagined\r\nCookie: " + cookie + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        try {
            head.parse(ByteBuffer.wrap(bytes), bytes.length);
        } catch (HeadException e) {
            throw new IllegalArgumentException("no value of a Cookie field", e);
        }
        return head;
    }
}
