// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of a message, parsed in place: what is kept are offsets into the buffer the bytes arrived in, so nothing is copied and, once its
 * arrays have grown, nothing is allocated. The offsets hold while the buffer does: moving its bytes makes them meaningless.
 *
 * <p>One object serves one connection, message after message; {@link #reset} in between. Not thread-safe.
 *
 * <p>A state machine over bytes that stops wherever the input does and goes on from there: each byte is looked at once however the head is
 * cut up, so a client that sends one byte at a time costs no more than one that sends all at once.
 */
public abstract sealed class Head permits RequestHead, ResponseHead {

    private static final int BEFORE = 0;
    private static final int LINE = 1;
    private static final int FIELD = 2;
    private static final int NAME = 3;
    private static final int BLANKS = 4;
    private static final int VALUE = 5;
    private static final int VALUE_LF = 6;
    private static final int LAST_LF = 7;
    private static final int DONE = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final HeadLimits limits;
    private final BodyHeaders body = new BodyHeaders();
    private final ConnectionOptions options = new ConnectionOptions();

    private ByteBuffer buf = NOTHING;
    private int state;
    private int scanned;
    private int lineStart;
    private int count;
    private int[] offsets = new int[4 * 32];
    private byte[] known = new byte[32];
    private boolean[] dropped = new boolean[32];
    private long seen;
    private final short[] first = new short[FieldTable.COUNT];

    Head(HeadLimits limits) {
        if (limits.fields() > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "fields: " + limits.fields() + " (expected: at most " + Short.MAX_VALUE + ")");
        }
        this.limits = limits;
    }

    /** Forgets everything, for the next message. */
    public void reset() {
        buf = NOTHING;
        state = BEFORE;
        scanned = 0;
        lineStart = 0;
        count = 0;
        seen = 0;
        body.reset();
        options.reset();
    }

    /**
     * Reads on from where the last call stopped. The head starts at index 0, and [0, end) has been received; position and limit of the buffer
     * are not looked at and stay. Limits are enforced also while the head is incomplete.
     *
     * @return the length of the head, which is the index of the first byte of the body, or -1 if more bytes are needed
     */
    public final int parse(ByteBuffer buf, int end) throws HeadException {
        this.buf = buf;
        int stop = Math.min(end, limits.head());
        advance(scanned, stop);
        if (state == DONE) {
            return scanned;
        }
        if (end >= limits.head()) {
            throw tooLarge();
        }
        return -1;
    }

    /** The length of the head once {@link #parse} has returned it: the index of the first byte of the body. */
    public final int length() {
        return scanned;
    }

    /** Number of field lines. */
    public final int fieldCount() {
        return count;
    }

    /** Which name of {@link KnownField} field {@code i} has. */
    public final int known(int i) {
        return known[i];
    }

    /** The first field of that name, or -1. */
    public final int indexOf(int knownField) {
        return has(knownField) ? first[knownField] : -1;
    }

    /** Whether there is a field of that name. */
    public final boolean has(int knownField) {
        return (seen & (1L << knownField)) != 0;
    }

    /** Whether field {@code i} has this name, which must be in lower case. */
    public final boolean nameIs(int i, String asciiLower) {
        return Ascii.same(buf, nameStart(i), nameEnd(i), asciiLower);
    }

    public final int nameStart(int i) {
        return offsets[4 * i];
    }

    public final int nameEnd(int i) {
        return offsets[4 * i + 1];
    }

    public final int valueStart(int i) {
        return offsets[4 * i + 2];
    }

    public final int valueEnd(int i) {
        return offsets[4 * i + 3];
    }

    /** Where the line of field {@code i} ends, with its CRLF. */
    final int lineEnd(int i) {
        return i + 1 < count ? nameStart(i + 1) : scanned - 2;
    }

    /** The name of field {@code i} as it came. Allocates. */
    public final String name(int i) {
        return Ascii.text(buf, nameStart(i), nameEnd(i));
    }

    /** The value of field {@code i}, each byte one char. Allocates. */
    public final String value(int i) {
        return Ascii.text(buf, valueStart(i), valueEnd(i));
    }

    /** The value of the first field of this name in any letter case. Allocates. */
    public final @Nullable String findValue(String name) {
        for (int i = 0; i < count; i++) {
            if (nameEnd(i) - nameStart(i) == name.length() && name(i).equalsIgnoreCase(name)) {
                return value(i);
            }
        }
        return null;
    }

    /** The value of {@code Content-Length}, or -1 if there is none. */
    public final long contentLength() {
        return body.contentLength();
    }

    /** Whether {@code Connection} says {@code close}. */
    public final boolean saysClose() {
        return options.has(ConnectionOptions.CLOSE);
    }

    /** Whether {@code Connection} has this option, which must be in lower case. */
    public final boolean connectionHas(String option) {
        return options.has(this, option);
    }

    /** The minor version of HTTP/1.x. */
    public abstract int minorVersion();

    /** How the content is framed by the fields alone. */
    public abstract Framing framing();

    /** Reads the first line, [from, to) without its CRLF; each byte of it is known to be allowed in a field value. */
    abstract void startLine(int from, int to) throws HeadException;

    /** Whether an empty line may come before the first. */
    abstract boolean allowsEmptyLine();

    /** The status for a first line that is too long. */
    abstract int lineTooLong();

    /** Checks what can only be checked with all fields known. */
    abstract void finish() throws HeadException;

    final ByteBuffer buf() {
        return buf;
    }

    final BodyHeaders body() {
        return body;
    }

    final ConnectionOptions options() {
        return options;
    }

    /** Whether field {@code i} was named by {@code Connection}, so that it ends here. */
    final boolean isDropped(int i) {
        return dropped[i];
    }

    final void drop(int i) {
        dropped[i] = true;
    }

    final int maxFields() {
        return limits.fields();
    }

    /** Whether the value of field {@code i} is this text, which must be in lower case. */
    final boolean valueIs(int i, String lower) {
        return Ascii.same(buf, valueStart(i), valueEnd(i), lower);
    }

    /**
     * Goes through the states in the order of the text, entering at the one where the input ran out. A step moves the state on only if it got to
     * its end; otherwise none of the steps behind it matches. Compiled, this is a straight line; a switch in a loop took a third more time.
     */
    private void advance(int from, int stop) throws HeadException {
        int at = from;
        if (state == BEFORE) {
            at = before(at, stop);
        }
        if (state == LINE) {
            at = line(at, stop);
        }
        while (at >= 0 && state < LAST_LF) {
            at = fieldLine(at, stop);
        }
        if (state == LAST_LF && at >= 0) {
            at = lineFeed(at, stop, DONE);
            if (state == DONE) {
                scanned = at;
                options.read(this);
                finish();
            }
        }
    }

    private int fieldLine(int from, int stop) throws HeadException {
        int at = from;
        if (state == FIELD) {
            at = field(at, stop);
        }
        if (state == NAME) {
            at = name(at, stop);
        }
        if (state == BLANKS) {
            at = blanks(at, stop);
        }
        if (state == VALUE) {
            at = value(at, stop);
        }
        if (state == VALUE_LF) {
            at = lineFeed(at, stop, FIELD);
        }
        return at;
    }

    private HeadException tooLarge() {
        return state <= LINE
                ? new HeadException(lineTooLong(), "first line: longer than " + limits.line() + " bytes")
                : new HeadException(431, "head: longer than " + limits.head() + " bytes");
    }

    private int more(int at) {
        scanned = at;
        return -1;
    }

    private int before(int at, int end) throws HeadException {
        if (at == end) {
            return more(at);
        }
        if (at == 0 && allowsEmptyLine() && buf.get(0) == Ascii.CR) {
            if (end == 1) {
                return more(at);
            }
            if (buf.get(1) != Ascii.LF) {
                throw HeadException.bad("head: CR without LF");
            }
            lineStart = 2;
        }
        state = LINE;
        return lineStart;
    }

    private int line(int from, int stop) throws HeadException {
        int end = Math.min(stop, lineStart + limits.line() + 2);
        int at = Ascii.skipValue(buf, from, end);
        if (at - lineStart > limits.line()) {
            throw tooLarge();
        }
        if (at == end || (at + 1 == end && buf.get(at) == Ascii.CR)) {
            return more(at);
        }
        if (buf.get(at) != Ascii.CR || buf.get(at + 1) != Ascii.LF) {
            throw HeadException.bad("first line: a control byte, or a line end that is not CRLF");
        }
        startLine(lineStart, at);
        state = FIELD;
        return at + 2;
    }

    private int field(int at, int end) throws HeadException {
        if (at >= end) {
            return more(at);
        }
        byte b = buf.get(at);
        if (b == Ascii.CR) {
            state = LAST_LF;
            return at + 1;
        }
        if (Ascii.isBlank(b)) {
            throw HeadException.bad("field line: starts with a blank (line folding is obsolete)");
        }
        if (count == limits.fields()) {
            throw new HeadException(431, "head: more than " + limits.fields() + " fields");
        }
        grow();
        offsets[4 * count] = at;
        state = NAME;
        return at;
    }

    private int name(int from, int end) throws HeadException {
        int at = Ascii.skip(Ascii.TOKEN, buf, from, end);
        if (at == end) {
            return more(at);
        }
        int start = offsets[4 * count];
        if (buf.get(at) != ':' || at == start) {
            throw HeadException.bad("field name: not a token followed by a colon");
        }
        offsets[4 * count + 1] = at;
        classify(start, at);
        state = BLANKS;
        return at + 1;
    }

    private void classify(int from, int to) {
        int number = FieldTable.of(buf, from, to);
        known[count] = (byte) number;
        if (!has(number)) {
            seen |= 1L << number;
            first[number] = (short) count;
        }
    }

    private int blanks(int from, int end) {
        int at = Ascii.skipBlanks(buf, from, end);
        if (at == end) {
            return more(at);
        }
        offsets[4 * count + 2] = at;
        state = VALUE;
        return at;
    }

    private int value(int from, int end) throws HeadException {
        int at = Ascii.skipValue(buf, from, end);
        if (at == end) {
            return more(at);
        }
        if (buf.get(at) != Ascii.CR) {
            throw HeadException.bad("field value: a control byte, or a line end that is not CRLF");
        }
        offsets[4 * count + 3] = Ascii.trimEnd(buf, valueStart(count), at);
        body.read(this, count);
        count++;
        state = VALUE_LF;
        return at + 1;
    }

    private int lineFeed(int at, int end, int next) throws HeadException {
        if (at >= end) {
            return more(at);
        }
        if (buf.get(at) != Ascii.LF) {
            throw HeadException.bad("head: CR without LF");
        }
        state = next;
        return at + 1;
    }

    private void grow() {
        if (count == known.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
            known = Arrays.copyOf(known, 2 * known.length);
            dropped = Arrays.copyOf(dropped, 2 * dropped.length);
        }
        dropped[count] = false;
    }
}
