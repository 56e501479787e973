// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.CookieTokens;
import io.waffle.server.http.RequestHead;
import io.waffle.server.pool.PickContext;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.pool.StickyTable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a strategy may know of a request: read from its head when it is asked for, and not before. */
final class Selection extends PickContext {

    private final RequestHead head;
    private final CookieTokens tokens;
    private ClientAddress client = new ClientAddress(0, 0);

    Selection(RequestHead head) {
        this.head = head;
        this.tokens = new CookieTokens(head);
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

    @Override
    protected boolean isOfFormerKey(PooledBackend home) {
        return StickyTable.isOfFormerKey(tokens, home);
    }

    @Override
    protected @Nullable PooledBackend named(StickyTable table) {
        return table.find(tokens);
    }
}
