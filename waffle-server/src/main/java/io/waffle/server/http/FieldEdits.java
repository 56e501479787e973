// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an operator changes in heads on their way: fields that are taken out, and lines that are put in. Made once; immutable. */
public final class FieldEdits {

    /** Changes nothing. */
    public static final FieldEdits NONE = new FieldEdits(0, List.of(), new byte[0]);

    /** A bit for each {@link KnownField} that goes. */
    private final long known;

    /** The names without a number of their own that go, in lower case. */
    private final byte[][] names;

    private final byte[] lines;

    private FieldEdits(long known, Collection<byte[]> names, byte[] lines) {
        this.known = known;
        this.names = names.toArray(byte[][]::new);
        this.lines = lines;
    }

    /**
     * Prepares these changes.
     *
     * @param add lines that are put in besides those of the same name
     * @param set lines that are put in in place of those of the same name
     * @param remove names of fields that go
     */
    public static FieldEdits of(Map<String, String> add, Map<String, String> set, Collection<String> remove) {
        if (add.isEmpty() && set.isEmpty() && remove.isEmpty()) {
            return NONE;
        }
        List<String> gone = new ArrayList<>(remove);
        gone.addAll(set.keySet());
        long known = 0;
        List<byte[]> names = new ArrayList<>();
        for (String name : gone) {
            byte[] lower = Out.ascii(name.toLowerCase(Locale.ROOT));
            int number = FieldTable.of(ByteBuffer.wrap(lower), 0, lower.length);
            if (FieldTable.isShared(number)) {
                names.add(lower);
            } else {
                known |= 1L << number;
            }
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        set.forEach((name, value) -> lines.writeBytes(line(name, value)));
        add.forEach((name, value) -> lines.writeBytes(line(name, value)));
        return new FieldEdits(known, names, lines.toByteArray());
    }

    /** These, and besides the field of this number goes. */
    public FieldEdits without(int knownField) {
        return new FieldEdits(known | (1L << knownField), List.of(names), lines);
    }

    /** How many bytes are put in. */
    public int length() {
        return lines.length;
    }

    /** Whether the field of this number goes, or is not to be made. */
    boolean omits(int knownField) {
        return ((known >>> knownField) & 1) != 0;
    }

    /** Whether field {@code i} goes. */
    boolean omits(Head head, int i) {
        int number = head.known(i);
        return omits(number) || (names.length > 0 && FieldTable.isShared(number) && isNamed(head, i));
    }

    void writeTo(ByteBuffer dst) {
        dst.put(lines);
    }

    private boolean isNamed(Head head, int i) {
        for (byte[] name : names) {
            if (Ascii.same(head.buf(), head.nameStart(i), head.nameEnd(i), name)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] line(String name, String value) {
        return (name + ": " + value + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
