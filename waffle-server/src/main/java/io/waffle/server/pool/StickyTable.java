// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.server.http.CookieTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the backend a token stands for. Part of a {@link Snapshot}, immutable. */
public final class StickyTable {

    private final Stickiness how;

    /** Open addressing, half empty at least: clients do not choose the tokens in it, so they cannot make it slow. */
    private final @Nullable PooledBackend[] slots;

    StickyTable(Stickiness how, List<PooledBackend> members) {
        this.how = how;
        int tokens = Math.max(1, members.size() * how.keys());
        slots = new @Nullable PooledBackend[4 * Integer.highestOneBit(tokens)];
        members.forEach(this::add);
    }

    private void add(PooledBackend backend) {
        StickyCookie cookie = backend.cookie();
        if (cookie == null) {
            return;
        }
        for (int i = 0; i < cookie.tokens(); i++) {
            int slot = cookie.hash(i) & (slots.length - 1);
            while (slots[slot] != null) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = backend;
        }
    }

    /** The first member that a cookie stands for, null if none does: there may be others, forged or from before. */
    public @Nullable PooledBackend find(CookieTokens cookies) {
        PooledBackend found = null;
        cookies.begin(how.name());
        while (found == null && cookies.next()) {
            found = find(cookies.high(), cookies.low());
        }
        return found;
    }

    /** The member this token stands for; null if there is none. */
    @Nullable
    PooledBackend find(long high, long low) {
        int slot = (int) low & (slots.length - 1);
        PooledBackend backend = slots[slot];
        while (backend != null) {
            StickyCookie cookie = backend.cookie();
            if (cookie != null && cookie.has(high, low)) {
                return backend;
            }
            slot = (slot + 1) & (slots.length - 1);
            backend = slots[slot];
        }
        return null;
    }

    /** Whether the cookie that was found last, and stands for this backend, has a token that is not set any more. */
    public static boolean isOfFormerKey(CookieTokens cookies, PooledBackend backend) {
        StickyCookie cookie = backend.cookie();
        return cookie != null && !cookie.isSetWith(cookies.high(), cookies.low());
    }

    /** How long a backend that drains keeps its clients. */
    long drainNanos() {
        return how.drainNanos();
    }
}
