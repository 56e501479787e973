// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.InvalidValue;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whether one regular expression matches every path that another does. Both are followed together, over sets of the places they may be at, as long as that takes no more
 * than a bounded number of pairs: beyond it the answer is no, as if one were found that only the other matches. For the making of tables, not for requests.
 */
final class RegexCover {

    private static final int MOST_PAIRS = 500;

    private final ByteRegex all;
    private final ByteRegex part;

    private RegexCover(ByteRegex all, ByteRegex part) {
        this.all = all;
        this.part = part;
    }

    static boolean covers(ByteRegex all, ByteRegex part) {
        return part.literal().startsWith(all.literal()) && new RegexCover(all, part).isCovered();
    }

    /** Whether there is a path that it matches, none of which begins without a slash. */
    static boolean matchesAnyPath(ByteRegex regex) {
        return !begun(regex).isEmpty();
    }

    /** What a path matches, as a regular expression; none if that would be too long. */
    static Optional<ByteRegex> of(PathMatch path) {
        try {
            if (path instanceof PathMatch.Prefix prefix) {
                String text = quoted(prefix.path());
                return Optional.of(ByteRegex.parse(text.isEmpty() ? "/.*" : text + "(/.*)?"));
            }
            return path instanceof PathMatch.Regex regex ? Optional.of(regex.regex()) : Optional.empty();
        } catch (InvalidValue e) {
            return Optional.empty();
        }
    }

    private record Pair(BitSet part, BitSet all) {}

    private boolean isCovered() {
        Set<Pair> seen = new HashSet<>();
        Deque<Pair> open = new ArrayDeque<>();
        Pair first = new Pair(begun(part), begun(all));
        open.add(first);
        seen.add(first);
        while (!open.isEmpty()) {
            Pair pair = open.poll();
            if (seen.size() > MOST_PAIRS || (accepts(part, pair.part()) && !accepts(all, pair.all()))) {
                return false;
            }
            BitSet fromPart = reached(part, pair.part(), false, false);
            BitSet fromAll = reached(all, pair.all(), false, false);
            for (byte b = '!'; b <= '~'; b++) { // what a canonical path is made of
                Pair then = new Pair(taken(part, fromPart, b), taken(all, fromAll, b));
                if (!then.part().isEmpty() && seen.add(then)) {
                    open.add(then);
                }
            }
        }
        return true;
    }

    /** Where it may be behind the slash that every path begins with. */
    private static BitSet begun(ByteRegex regex) {
        BitSet places = new BitSet();
        places.set(0);
        return taken(regex, reached(regex, places, true, false), (byte) '/');
    }

    private static BitSet taken(ByteRegex regex, BitSet reached, byte taken) {
        BitSet next = new BitSet();
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            if (regex.op(at) == ByteRegex.ONE && regex.takes(at, taken)) {
                next.set(at + 1);
            }
        }
        return next;
    }

    private static boolean accepts(ByteRegex regex, BitSet places) {
        return reached(regex, places, false, true).get(regex.length() - 1);
    }

    private static BitSet reached(ByteRegex regex, BitSet places, boolean atBegin, boolean atEnd) {
        BitSet reached = new BitSet();
        Deque<Integer> open = new ArrayDeque<>();
        places.stream().forEach(open::push);
        while (!open.isEmpty()) {
            int at = open.pop();
            if (reached.get(at)) {
                continue;
            }
            reached.set(at);
            int op = regex.op(at);
            if (op == ByteRegex.FORK) {
                open.push(regex.first(at));
                open.push(regex.second(at));
            } else if (op == ByteRegex.JUMP) {
                open.push(regex.first(at));
            } else if ((op == ByteRegex.BEGIN && atBegin) || (op == ByteRegex.END && atEnd)) {
                open.push(at + 1);
            }
        }
        return reached;
    }

    private static String quoted(String path) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            text.append("\\.[]()*+?{}|^$".indexOf(c) >= 0 ? "\\" : "").append(c);
        }
        return text.toString();
    }
}
