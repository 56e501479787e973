// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a backend has lately been seen to do with its connections without a word: a look at one tells only what has arrived, and what is on its way
 * to whoever uses it next can be told by habit alone.
 *
 * <p>Threading: any thread.
 */
public final class Habits {

    private static final long SURPLUS = 60_000_000_000L;

    /** Shorter: it is renewed by each that closes, later ones are seen to be closed, and a restart looks the same. */
    private static final long CLOSING = 1_000_000_000L;

    private final Consumer<String> complain;
    private final LongSupplier nanoTime;
    private volatile long surplusUntil;
    private volatile long closingUntil;

    Habits(Consumer<String> complain, LongSupplier nanoTime) {
        this.complain = complain;
        this.nanoTime = nanoTime;
    }

    /** It has sent content behind an answer that has none: whoever used the connection next would have taken it for an answer. */
    public void noteSurplus() {
        if (!sendsSurplus()) {
            complain.accept(
                    "it sends content behind answers that have none (to HEAD, 204, 304): behind those it is connected to anew for a"
                            + " minute");
        }
        surplusUntil = nanoTime.getAsLong() + SURPLUS;
    }

    /** Whether no connection is to be used again behind such an answer. */
    public boolean sendsSurplus() {
        return isBefore(surplusUntil);
    }

    /** It has closed a connection right behind an answer, without having said so. */
    public void noteClosing() {
        closingUntil = nanoTime.getAsLong() + CLOSING;
    }

    /** Whether no connection that was used is safe for a request that may not be repeated. */
    public boolean closes() {
        return isBefore(closingUntil);
    }

    private boolean isBefore(long until) {
        return until != 0 && nanoTime.getAsLong() - until < 0;
    }
}
