// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.roundrobin;

import io.waffle.api.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Says for each number of an endless sequence to which backend it falls, so that any {@code rim} rounds give each backend exactly its
 * weight, smoothly, in constant time and with no state: static stride scheduling.
 *
 * <p>The slots of the wheel are passed round after round. A slot of weight w has its turn in w of every {@code rim} rounds, evenly spaced:
 * in those in which {@code (round * w + phase) mod rim} overflows. With equal weights every slot has its turn in every round. The phases of
 * the light slots follow the golden ratio, which spreads any number of points about as evenly as can be (Knuth, TAOCP 3, 6.4, theorem S);
 * so light slots do not all have their turns in the same round and leave the heavy ones among themselves in the others. With weights 5, 1
 * and 1, in any order, the heavy one is picked three times in a row at most.
 *
 * <p>The idea: gRPC, proposal A58 (client-side weighted round robin), {@code StaticStrideScheduler}. There a heavy backend is capped at ten
 * times the mean, for if one is far heavier than the others, most numbers fall to slots whose turn it is not. Here weights are exact:
 * a backend heavier than {@link #HEAVY} times the mean gets several slots instead, spread over the wheel. So at least one number in about
 * HEAVY + 1 is a turn, and the wheel has less than 1 + 1 / HEAVY slots per backend, whatever the weights.
 */
final class Wheel {

    private static final int HEAVY = 8;
    private static final double GOLDEN = 0.618_033_988_749_894_9;

    private final List<Backend> members;
    private final Backend[] backends;
    private final int[] weights;
    private final int[] phases;
    private final int rim;
    private final boolean even;

    Wheel(List<Backend> members) {
        this.members = members;
        List<Slot> slots = slots(members);
        backends = slots.stream().map(Slot::backend).toArray(Backend[]::new);
        weights = slots.stream().mapToInt(Slot::weight).toArray();
        rim = slots.stream().mapToInt(Slot::weight).max().orElse(1);
        phases = phases(weights, rim);
        even = Arrays.stream(weights).allMatch(weight -> weight == rim);
    }

    List<Backend> members() {
        return members;
    }

    /** Whether every number is a turn. */
    boolean isEven() {
        return even;
    }

    int slots() {
        return backends.length;
    }

    Backend at(long number) {
        return backends[(int) (number % backends.length)];
    }

    boolean isTurn(long number) {
        int slot = (int) (number % backends.length);
        int weight = weights[slot];
        if (weight == rim) {
            return true;
        }
        long round = number / backends.length % rim;
        return (round * weight + phases[slot]) % rim >= rim - weight;
    }

    private static List<Slot> slots(List<Backend> members) {
        int[] weights = reduced(members.stream().mapToInt(Backend::weight).toArray());
        long total = 0;
        for (int weight : weights) {
            total += weight;
        }
        long most = Math.ceilDiv(HEAVY * total, weights.length);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            long parts = Math.ceilDiv(weights[i], most);
            for (long part = 0; part < parts; part++) {
                long weight = weights[i] * (part + 1) / parts - weights[i] * part / parts;
                double place = ((double) i / weights.length + (double) part / parts) % 1;
                slots.add(new Slot(members.get(i), (int) weight, place));
            }
        }
        slots.sort((one, other) ->
                Double.compare(one.place(), other.place())); // stable, without effect unless something was parted
        return slots;
    }

    /** Divided by what they have in common: only proportions matter, and the wheel is the smaller for it. */
    private static int[] reduced(int[] weights) {
        int common = 0;
        for (int weight : weights) {
            common = gcd(weight, common);
        }
        int divisor = Math.max(common, 1);
        return Arrays.stream(weights).map(weight -> weight / divisor).toArray();
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static int[] phases(int[] weights, int rim) {
        int[] phases = new int[weights.length];
        int light = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] < rim) {
                phases[i] = (int) (light++ * GOLDEN % 1 * rim);
            }
        }
        return phases;
    }

    /** A place on the wheel, from 0 to 1; its order is what matters. */
    private record Slot(Backend backend, int weight, double place) {}
}
