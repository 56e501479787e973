// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes numbers from the sequence until one falls to a backend whose turn it is and that may be chosen. A number that falls to a backend
 * that is down is spent like any other: so its share goes to all others in turn, and not to its neighbour.
 *
 * <p>All threads draw from one sequence, so the shares are exact under concurrency too.
 */
final class RoundRobinPicker implements Picker {

    /** How many numbers to spend before weights are let go, in small pools: enough for several rounds. */
    private static final int LEAST_PATIENCE = 64;

    private final Wheel wheel;
    private final AtomicLong sequence;
    private final int patience;

    RoundRobinPicker(Wheel wheel, AtomicLong sequence) {
        this.wheel = wheel;
        this.sequence = sequence;
        patience = Math.ceilDiv(LEAST_PATIENCE, wheel.slots())
                * wheel.slots(); // whole rounds, or the next part always starts askew
    }

    /**
     * After a round or more without success, only light backends are left, each waiting for the one round in many that is its own: from
     * then on any number will do, and they share evenly rather than make the request wait for their weights to come round.
     */
    @Override
    public Backend pick(PickRequest request) {
        for (int spent = 0; spent < 2 * patience; spent++) {
            long number = sequence.getAndIncrement();
            if (falls(number, spent, request)) {
                return wheel.at(number);
            }
        }
        return anyEligible(sequence.get(), request);
    }

    /** Spends no number. */
    @Override
    public Optional<Backend> peek(PickRequest request) {
        long first = sequence.get();
        for (int spent = 0; spent < 2 * patience; spent++) {
            if (falls(first + spent, spent, request)) {
                return Optional.of(wheel.at(first + spent));
            }
        }
        return Optional.of(anyEligible(first + 2L * patience, request));
    }

    /** Whether a number is a choice, after so many that were not. */
    private boolean falls(long number, int spent, PickRequest request) {
        return (spent >= patience || wheel.isTurn(number)) && request.isEligible(wheel.at(number));
    }

    /** When other threads took every number that would have led to the few that are left. */
    private Backend anyEligible(long first, PickRequest request) {
        for (int i = 0; i < wheel.slots(); i++) {
            if (request.isEligible(wheel.at(first + i))) {
                return wheel.at(first + i);
            }
        }
        return wheel.at(first);
    }
}
