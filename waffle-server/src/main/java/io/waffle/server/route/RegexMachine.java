// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.Arrays;

/**
 * Runs a {@link ByteRegex} as Rob Pike did: all ways it could go are followed at once, a byte at a time, each place of the program at most once a byte.
 * So a value of n bytes costs n times the length of the program at most, and nothing is ever tried again. There are no captures to
 * keep, so which way is tried first does not matter.
 *
 * <p>Allocates only when a program is longer than all before. Not thread-safe.
 */
final class RegexMachine {

    private static final int[] NONE = {};

    private int[] ways = NONE;
    private int[] nextWays = NONE;
    private int[] stack = NONE;

    /** The round in which a place was reached last. */
    private int[] reached = NONE;

    private int round;
    private int count;
    private boolean matched;

    /** Whether [from, to) matches as a whole. */
    boolean matches(ByteRegex regex, byte[] in, int from, int to) {
        prepare(regex.length(), to - from);
        begin();
        reach(regex, 0, true, from == to);
        for (int i = from; i < to; i++) {
            int alive = count;
            if (alive == 0) {
                return false;
            }
            int[] swapped = ways;
            ways = nextWays;
            nextWays = swapped;
            begin();
            for (int k = 0; k < alive; k++) {
                if (regex.takes(nextWays[k], in[i])) {
                    reach(regex, nextWays[k] + 1, false, i + 1 == to);
                }
            }
        }
        return matched;
    }

    private void begin() {
        round++;
        count = 0;
        matched = false;
    }

    private void prepare(int length, int bytes) {
        if (reached.length < length) {
            ways = new int[length];
            nextWays = new int[length];
            stack = new int[2 * length];
            reached = new int[length];
            round = 0;
        }
        if (round > Integer.MAX_VALUE - bytes - 2) {
            Arrays.fill(reached, 0);
            round = 0;
        }
    }

    /** Follows all that can be followed without a byte. */
    private void reach(ByteRegex regex, int place, boolean atBegin, boolean atEnd) {
        int depth = 0;
        stack[depth++] = place;
        while (depth > 0) {
            int at = stack[--depth];
            if (reached[at] == round) {
                continue;
            }
            reached[at] = round;
            switch (regex.op(at)) {
                case ByteRegex.ONE -> ways[count++] = at;
                case ByteRegex.FORK -> {
                    stack[depth++] = regex.second(at);
                    stack[depth++] = regex.first(at);
                }
                case ByteRegex.JUMP -> stack[depth++] = regex.first(at);
                case ByteRegex.BEGIN -> depth = step(at, depth, atBegin);
                case ByteRegex.END -> depth = step(at, depth, atEnd);
                default -> matched |= atEnd;
            }
        }
    }

    private int step(int at, int depth, boolean holds) {
        if (holds) {
            stack[depth] = at + 1;
            return depth + 1;
        }
        return depth;
    }
}
