// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes a number from the sequence; if it falls to a backend whose turn it is and that may be chosen, that is the choice. If not, the numbers
 * behind it are looked through for the next that does, and all up to that are spent at once. So what is down is left out as if it had no place
 * on the wheel: its share goes to all others in proportion to their weights, and not to its neighbour.
 *
 * <p>Where the wheel would have to be turned far, since only light backends are left and their turns are far apart, {@link Lots} choose among
 * them: in the same shares, without the wait.
 *
 * <p>All threads draw from one sequence, so the shares are exact under concurrency too.
 */
final class RoundRobinPicker implements Picker {

    /** How many numbers of an uneven wheel are looked at; of an even one a whole round, in which each eligible backend has its turn. */
    private static final int PATIENCE = 64;

    /** How often others may take the numbers looked through before it is left to lots. */
    private static final int ATTEMPTS = 8;

    private final Wheel wheel;
    private final AtomicLong sequence;
    private final int patience;
    private final Lots lots;

    RoundRobinPicker(Wheel wheel, AtomicLong sequence) {
        this(wheel, sequence, new AtomicLong());
    }

    RoundRobinPicker(Wheel wheel, AtomicLong sequence, AtomicLong lots) {
        this.wheel = wheel;
        this.sequence = sequence;
        this.lots = new Lots(wheel.members(), lots);
        patience = wheel.isEven() ? wheel.slots() : PATIENCE;
    }

    @Override
    public Backend pick(PickRequest request) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long first = sequence.getAndIncrement();
            int ahead = find(first, request);
            if (ahead == 0) {
                return wheel.at(first);
            }
            boolean found = ahead < patience;
            if (sequence.compareAndSet(first + 1, first + (found ? ahead + 1 : patience))) {
                return found ? wheel.at(first + ahead) : lots.draw(request);
            }
        }
        return lots.draw(request);
    }

    /** Spends no number. */
    @Override
    public Optional<Backend> peek(PickRequest request) {
        long first = sequence.get();
        int ahead = find(first, request);
        return Optional.of(ahead < patience ? wheel.at(first + ahead) : lots.peek(request));
    }

    /** How far behind this number the next is that falls to one that may be chosen; {@link #patience} if that is too far. */
    private int find(long first, PickRequest request) {
        int ahead = 0;
        while (ahead < patience && !(wheel.isTurn(first + ahead) && request.isEligible(wheel.at(first + ahead)))) {
            ahead++;
        }
        return ahead;
    }
}
