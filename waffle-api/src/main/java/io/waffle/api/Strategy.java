// SPDX-License-Identifier: Apache-2.0
package io.waffle.api;

import java.util.List;

/**
 * Balances one pool. It outlives every change of membership, weight or health, and every reload that leaves its name and options alone:
 * keep here what must survive such a change (a position, a history per backend), and hand it to the pickers.
 *
 * <p>Threading: {@link #picker} and {@link #close} are called serially. {@link #started} and {@link #completed} are called concurrently
 * with everything, on the threads that serve requests; they must not block, sleep, or do I/O, and should not allocate. A call that waits
 * holds up only its own request; one that computes for long holds up every connection of its event loop.
 *
 * <p>Faults: an exception from {@link #started} or {@link #completed} is counted and logged at a bounded rate, and has no other effect. An
 * exception from {@link #picker} quarantines the strategy: requests are balanced round robin until a new picker can be had.
 */
public interface Strategy extends AutoCloseable {

    /**
     * Makes the picker for this membership. Called before the first request, and again on each change of membership, weight or health.
     * The former picker may still be asked for a short while.
     *
     * @param backends never empty, immutable, in configured order, each {@linkplain Backend identical} to the one in earlier calls as long
     *     as it stays in the pool. It also holds backends that are not eligible now: {@link PickRequest#isEligible} tells, per request.
     */
    Picker picker(List<Backend> backends);

    /**
     * An attempt is about to be sent to this backend, whoever chose it: this strategy, a retry, a cookie that keeps the
     * client there, or the host in this strategy's place.
     */
    default void started(Backend backend) {}

    /** An attempt has ended. Called exactly once for each {@link #started}, wherever and however the attempt ended. */
    default void completed(Backend backend, Outcome outcome) {}

    /** The pool is gone, or has another strategy now. No call comes after this one, but for {@link #completed} of attempts under way. */
    @Override
    default void close() {}
}
