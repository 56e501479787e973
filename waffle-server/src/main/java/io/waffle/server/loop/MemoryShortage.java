// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

/** There was no memory to be had within the {@link MemoryBudget}, though it was waited for. Nothing is broken: whoever asked ends what it does. */
public final class MemoryShortage extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Of so many bytes. */
    public MemoryShortage(long bytes) {
        super("no " + bytes + " bytes left within limits.memory", null, false, false);
    }
}
