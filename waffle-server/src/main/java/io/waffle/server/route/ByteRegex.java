// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.InvalidValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over bytes, of the kind GEP-4359 defines: extended ones of POSIX, with {@code \} as an escape in brackets, too, and without back
 * references, options and classes by name. It matches a value as a whole.
 *
 * <p>It is a program for a {@link RegexMachine}, which takes time proportional to the value, whatever that holds: the JDK's own go back and try
 * again, and a request can make them do so for minutes. Immutable.
 */
public final class ByteRegex {

    /** How long a program may be; repetitions are written out, so {@code (a{100}){20}} is more. */
    static final int MOST_INSTRUCTIONS = 1000;

    static final int ONE = 0;
    static final int FORK = 1;
    static final int JUMP = 2;
    static final int BEGIN = 3;
    static final int END = 4;
    static final int MATCH = 5;

    private final String text;
    private final String literal;
    private final int[] ops;
    private final int[] first;
    private final int[] second;
    private final ByteSet[] sets;

    private ByteRegex(String text, RegexNode node) throws InvalidValue {
        this.text = text;
        this.literal = RegexNode.literal(node);
        Writer writer = new Writer();
        writer.write(node);
        writer.add(MATCH, 0, 0);
        int count = writer.code.size();
        ops = new int[count];
        first = new int[count];
        second = new int[count];
        for (int i = 0; i < count; i++) {
            ops[i] = writer.code.get(i)[0];
            first[i] = writer.code.get(i)[1];
            second[i] = writer.code.get(i)[2];
        }
        sets = writer.sets.toArray(ByteSet[]::new);
    }

    /** Reads one. */
    public static ByteRegex parse(String text) throws InvalidValue {
        return new ByteRegex(text, RegexReader.read(text));
    }

    /** What everything that matches begins with. */
    String literal() {
        return literal;
    }

    int length() {
        return ops.length;
    }

    int op(int at) {
        return ops[at];
    }

    /** Where a {@link #JUMP} leads, and the first way of a {@link #FORK}. */
    int first(int at) {
        return first[at];
    }

    int second(int at) {
        return second[at];
    }

    /** Whether a {@link #ONE} takes the byte. */
    boolean takes(int at, byte value) {
        return sets[first[at]].has(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ByteRegex regex && regex.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it is configured. */
    @Override
    public String toString() {
        return text;
    }

    private static final class Writer {

        private final List<int[]> code = new ArrayList<>();
        private final List<ByteSet> sets = new ArrayList<>();

        /** Also of what writes nothing: repetitions of it within each other never ended. */
        private int written;

        private void write(RegexNode node) throws InvalidValue {
            if (++written > 20 * MOST_INSTRUCTIONS) {
                throw tooLong();
            }
            if (node instanceof RegexNode.One one) {
                int set = sets.indexOf(one.of());
                if (set < 0) {
                    set = sets.size();
                    sets.add(one.of());
                }
                add(ONE, set, 0);
            } else if (node instanceof RegexNode.All all) {
                for (RegexNode part : all.parts()) {
                    write(part);
                }
            } else if (node instanceof RegexNode.Any any) {
                writeChoices(any.choices());
            } else if (node instanceof RegexNode.Repeat repeat) {
                writeRepeat(repeat);
            } else if (node instanceof RegexNode.Edge edge) {
                add(edge.end() ? END : BEGIN, 0, 0);
            }
        }

        private void writeChoices(List<RegexNode> choices) throws InvalidValue {
            List<int[]> jumps = new ArrayList<>();
            for (RegexNode choice : choices.subList(0, choices.size() - 1)) {
                int[] fork = add(FORK, code.size() + 1, 0);
                write(choice);
                jumps.add(add(JUMP, 0, 0));
                fork[2] = code.size();
            }
            write(choices.getLast());
            jumps.forEach(jump -> jump[1] = code.size());
        }

        private void writeRepeat(RegexNode.Repeat repeat) throws InvalidValue {
            for (int i = 0; i < repeat.least(); i++) {
                write(repeat.part());
            }
            if (repeat.most() < 0) {
                int begin = code.size();
                int[] fork = add(FORK, begin + 1, 0);
                write(repeat.part());
                add(JUMP, begin, 0);
                fork[2] = code.size();
                return;
            }
            List<int[]> forks = new ArrayList<>();
            for (int i = repeat.least(); i < repeat.most(); i++) {
                forks.add(add(FORK, code.size() + 1, 0));
                write(repeat.part());
            }
            forks.forEach(fork -> fork[2] = code.size());
        }

        private int[] add(int op, int one, int other) throws InvalidValue {
            if (code.size() == MOST_INSTRUCTIONS) {
                throw tooLong();
            }
            int[] instruction = {op, one, other};
            code.add(instruction);
            return instruction;
        }

        private static InvalidValue tooLong() {
            return new InvalidValue(
                    "a regular expression of at most " + MOST_INSTRUCTIONS + " steps, with repetitions written out");
        }
    }
}
