// SPDX-License-Identifier: Apache-2.0
package io.waffle.api;

/**
 * Chooses the backend for an attempt. Immutable but for its own counters, or those its {@link Strategy} handed to it.
 *
 * <p>Threading: called concurrently, once per attempt, on the road of every request. It must be thread-safe, never block, do no I/O and
 * allocate nothing.
 *
 * <p>Faults cost the request nothing: if a pick throws, returns null, or returns something that is not of the pool, the host takes the next
 * eligible backend, counts the fault, and logs it at a bounded rate. A picker that keeps failing is quarantined: requests are balanced round
 * robin, and a pick is tried again from time to time.
 */
@FunctionalInterface
public interface Picker {

    /**
     * Returns one of the backends this picker was made for.
     *
     * <p>It should be {@linkplain PickRequest#isEligible eligible}; if it is not, the host takes the next eligible one after it in pool
     * order. At least one backend is eligible whenever this is called.
     */
    Backend pick(PickRequest request);
}
