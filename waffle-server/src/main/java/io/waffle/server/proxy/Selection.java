// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.CookieTokens;
import io.waffle.server.http.RecentTexts;
import io.waffle.server.http.RequestHead;
import io.waffle.server.pool.PickContext;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.pool.StickyTable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a strategy may know of a request: read from its head when it is asked for, and not before. */
final class Selection extends PickContext {

    /** One for all: strategies look for the same texts on every connection. */
    private static final RecentTexts RECENT = new RecentTexts();

    private final RequestHead head;
    private final CookieTokens tokens;
    private ClientAddress client = ClientAddress.NONE;
    private long begun;
    private int sendings;
    private boolean stale;

    Selection(RequestHead head) {
        this.head = head;
        this.tokens = new CookieTokens(head);
    }

    void begin(ClientAddress from) {
        reset();
        client = from;
        begun = 0;
        sendings = 0;
        stale = false;
    }

    /** An attempt begins, at this time as {@link System#nanoTime}. */
    void beginAttempt(long now) {
        if (begun == 0) {
            begun = now;
        }
    }

    /** When the first attempt began; 0 if there was none. */
    long begun() {
        return begun;
    }

    /** It is about to be sent. */
    void beginSending() {
        sendings++;
    }

    /** How often it was sent, but for the one time that {@link #wasStale}. */
    int sendings() {
        return sendings;
    }

    /** It was sent on a connection that turned out to have been closed before. */
    void wasStale() {
        stale = true;
        sendings--;
    }

    boolean hasBeenStale() {
        return stale;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String target() {
        return head.path(RECENT);
    }

    @Override
    public Optional<String> field(String name) {
        return head.findValue(name, RECENT);
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
