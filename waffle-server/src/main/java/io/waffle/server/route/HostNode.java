// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import org.jspecify.annotations.Nullable;

/** A host that routes are for, or any. */
final class HostNode {

    private final int number;
    private final byte[] name;
    private final boolean wildcard;
    private @Nullable HostNode next;

    /** A bit for each depth at which there are routes; the last for all deeper ones. */
    private long depths;

    private int deepest;
    private boolean exact;

    HostNode(int number, byte[] name, boolean wildcard) {
        this.number = number;
        this.name = name;
        this.wildcard = wildcard;
    }

    int number() {
        return number;
    }

    byte[] name() {
        return name;
    }

    boolean isWildcard() {
        return wildcard;
    }

    /** The next less specific host that all requests for this are for as well. */
    @Nullable
    HostNode next() {
        return next;
    }

    void setNext(@Nullable HostNode less) {
        next = less;
    }

    /** Notes that there are routes at a depth. */
    void addDepth(int depth) {
        depths |= 1L << Math.min(depth, Long.SIZE - 1);
        deepest = Math.max(deepest, depth);
    }

    boolean hasDepth(int depth) {
        return (depths >>> Math.min(depth, Long.SIZE - 1) & 1) != 0;
    }

    int deepest() {
        return deepest;
    }

    /** Notes that there are routes for exact paths. */
    void addExact() {
        exact = true;
    }

    boolean hasExact() {
        return exact;
    }
}
