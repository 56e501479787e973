// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Chooses among what is eligible for one request, in proportion to weight, without a schedule that was worked out before: the eligible are laid
 * end to end, each as long as its weight, and the n-th lot falls at the fractional part of n times the golden ratio. These points are spread
 * as evenly as can be, however many there are (Knuth, TAOCP 3, 6.4, theorem S), so shares are not only right in the long run, but soon.
 *
 * <p>Two passes over all members: for when the {@link Wheel} has nothing near.
 */
final class Lots {

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final double UNIT = 0x1p-53;

    private final Backend[] members;
    private final int[] weights;
    private final AtomicLong next;

    Lots(List<Backend> backends, AtomicLong next) {
        members = backends.toArray(Backend[]::new);
        weights = backends.stream().mapToInt(Backend::weight).toArray();
        this.next = next;
    }

    Backend draw(PickRequest request) {
        return at(next.getAndIncrement(), request);
    }

    /** What {@link #draw} would give. */
    Backend peek(PickRequest request) {
        return at(next.get(), request);
    }

    /** What becomes ineligible between the passes makes the line shorter: then the last one it met has the rest of it. */
    private Backend at(long lot, PickRequest request) {
        long left = (long) (((lot * GOLDEN) >>> 11) * UNIT * sum(request));
        Backend last = members[0];
        for (int i = 0; i < members.length && left >= 0; i++) {
            if (request.isEligible(members[i])) {
                last = members[i];
                left -= weights[i];
            }
        }
        return last;
    }

    private long sum(PickRequest request) {
        long sum = 0;
        for (int i = 0; i < members.length; i++) {
            sum += request.isEligible(members[i]) ? weights[i] : 0;
        }
        return sum;
    }
}
