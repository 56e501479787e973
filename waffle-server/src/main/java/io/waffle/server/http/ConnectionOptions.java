// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/** What {@code Connection} says: the options with a meaning of their own, and the fields it names, which end at this hop. */
final class ConnectionOptions {

    static final int CLOSE = 1;
    static final int KEEP_ALIVE = 2;
    static final int UPGRADE = 4;
    static final int TE = 8;

    private final NameSet names = new NameSet();
    private int options;

    void reset() {
        options = 0;
    }

    boolean has(int option) {
        return (options & option) != 0;
    }

    /** Reads every {@code Connection} field, and marks the fields they name as dropped unless they are protected. */
    void read(Head head) throws HeadException {
        int at = head.indexOf(KnownField.CONNECTION);
        if (at < 0) {
            return;
        }
        names.clear(head.buf());
        for (int i = at; i < head.fieldCount(); i++) {
            if (head.known(i) == KnownField.CONNECTION) {
                readOne(head, i);
            }
        }
        if (names.isEmpty()) {
            return;
        }
        for (int i = 0; i < head.fieldCount(); i++) {
            if (!FieldTable.isProtected(head.known(i)) && names.has(head.nameStart(i), head.nameEnd(i))) {
                head.drop(i);
            }
        }
    }

    /** Whether one of the {@code Connection} fields has this option, by its text. */
    boolean has(Head head, String option) {
        for (int i = 0; i < head.fieldCount(); i++) {
            if (head.known(i) == KnownField.CONNECTION
                    && listHas(head.buf(), head.valueStart(i), head.valueEnd(i), option)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a comma-separated list has this element, which must be in lower case. */
    static boolean listHas(ByteBuffer buf, int start, int to, String lower) {
        int from = start;
        while (from < to) {
            int comma = Ascii.indexOf(buf, ',', from, to);
            int begin = Ascii.skipBlanks(buf, from, comma);
            if (Ascii.same(buf, begin, Ascii.trimEnd(buf, begin, comma), lower)) {
                return true;
            }
            from = comma + 1;
        }
        return false;
    }

    private void readOne(Head head, int i) throws HeadException {
        ByteBuffer buf = head.buf();
        int from = head.valueStart(i);
        int to = head.valueEnd(i);
        while (from < to) {
            int comma = Ascii.indexOf(buf, ',', from, to);
            int begin = Ascii.skipBlanks(buf, from, comma);
            int end = Ascii.trimEnd(buf, begin, comma);
            int option = option(buf, begin, end);
            options |= option;
            if (option == 0 && begin < end) {
                if (names.size() == head.limits().fields()) {
                    throw new HeadException(431, "Connection: names more than " + names.size() + " fields");
                }
                names.add(begin, end);
            }
            from = comma + 1;
        }
    }

    private static int option(ByteBuffer buf, int from, int to) {
        return switch (to - from) {
            case 2 -> Ascii.same(buf, from, to, "te") ? TE : 0;
            case 5 -> Ascii.same(buf, from, to, "close") ? CLOSE : 0;
            case 7 -> Ascii.same(buf, from, to, "upgrade") ? UPGRADE : 0;
            case 10 -> Ascii.same(buf, from, to, "keep-alive") ? KEEP_ALIVE : 0;
            default -> 0;
        };
    }
}
