// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of a message, parsed in place: what is kept are offsets into the buffer the bytes arrived in, so nothing is copied and, once its
 * arrays have grown, nothing is allocated. The offsets hold while the buffer does: moving its bytes makes them meaningless.
 *
 * <p>One object serves one connection, message after message; {@link #reset} in between. Not thread-safe.
 */
public abstract sealed class Head permits RequestHead, ResponseHead {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final HeadLimits limits;
    private final Tolerance tolerance;
    private final Fields fields = new Fields();
    private final BodyHeaders body = new BodyHeaders();
    private final ConnectionOptions options = new ConnectionOptions();
    private final HeadScanner scanner;

    private ByteBuffer buf = NOTHING;

    Head(HeadLimits limits, Tolerance tolerance) {
        if (limits.fields() > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "fields: " + limits.fields() + " (expected: at most " + Short.MAX_VALUE + ")");
        }
        this.limits = limits;
        this.tolerance = tolerance;
        this.scanner = new HeadScanner(this, limits, fields);
    }

    /** Forgets everything, for the next message. */
    public void reset() {
        buf = NOTHING;
        scanner.reset();
        fields.reset();
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
        return scanner.scan(buf, end);
    }

    /** The length of the head once {@link #parse} has returned it: the index of the first byte of the body. */
    public final int length() {
        return scanner.scanned();
    }

    /** What was parsed is in this buffer from now on, from index 0 as before. */
    public final void movedTo(ByteBuffer other) {
        buf = other;
    }

    /** Copies [from, to) of what was parsed, as it came. */
    public final void copy(int from, int to, byte[] into, int at) {
        buf.get(from, into, at, to - from);
    }

    /** Number of field lines. */
    public final int fieldCount() {
        return fields.count();
    }

    /** Which name of {@link KnownField} field {@code i} has. */
    public final int known(int i) {
        return fields.known(i);
    }

    /** The first field of that name, or -1. */
    public final int indexOf(int knownField) {
        return fields.indexOf(knownField);
    }

    /** Whether there is a field of that name. */
    public final boolean has(int knownField) {
        return fields.has(knownField);
    }

    /** Whether field {@code i} has this name, which must be in lower case. */
    public final boolean nameIs(int i, String asciiLower) {
        return Ascii.same(buf, nameStart(i), nameEnd(i), asciiLower);
    }

    /** As {@link #nameIs(int, String)}, where the head has been moved to another buffer since it was read. */
    public final boolean nameIs(ByteBuffer in, int i, String asciiLower) {
        return Ascii.same(in, nameStart(i), nameEnd(i), asciiLower);
    }

    public final int nameStart(int i) {
        return fields.nameStart(i);
    }

    public final int nameEnd(int i) {
        return fields.nameEnd(i);
    }

    public final int valueStart(int i) {
        return fields.valueStart(i);
    }

    public final int valueEnd(int i) {
        return fields.valueEnd(i);
    }

    /** Where the line of field {@code i} ends, with its CRLF. */
    final int lineEnd(int i) {
        return i + 1 < fields.count() ? nameStart(i + 1) : scanner.fieldsEnd();
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
        int found = find(name);
        return found < 0 ? null : value(found);
    }

    /** As {@link #findValue(String)}; allocates only what was not read lately. */
    public final Optional<String> findValue(String name, RecentTexts recent) {
        int found = find(name);
        return found < 0 ? Optional.empty() : recent.text(buf, valueStart(found), valueEnd(found));
    }

    private int find(String name) {
        for (int i = 0; i < fields.count(); i++) {
            if (Ascii.sameText(buf, nameStart(i), nameEnd(i), name)) {
                return i;
            }
        }
        return -1;
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

    /** The {@link KnownField} of a name with bytes that are neither letters, digits nor dashes. */
    abstract int numberOfOdd(ByteBuffer buf, int from, int to);

    /** Reads the first line, [from, to) without its CRLF; each byte of it is known to be allowed in a field value. */
    abstract void startLine(int from, int to) throws HeadException;

    /** Whether an empty line may come before the first. */
    abstract boolean allowsEmptyLine();

    /** The status for a first line that is too long. */
    abstract int lineTooLong();

    /** Checks what can only be checked with all fields known. */
    abstract void finish() throws HeadException;

    /** Field {@code i} has been read. */
    final void fieldRead(int i) throws HeadException {
        body.read(this, i);
    }

    /** All lines have been read. */
    final void complete() throws HeadException {
        options.read(this);
        finish();
    }

    final Tolerance tolerance() {
        return tolerance;
    }

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
        return fields.isDropped(i);
    }

    /** How many lines there are that {@link #isIrregular}; the first line and the last one of a head with LF alone count as well, or more. */
    final int irregularLines() {
        return fields.irregularLines() == 0 ? 0 : fields.irregularLines() + 2;
    }

    /** Whether the line of field {@code i} may not be passed on as it came; its name and value may. */
    final boolean isIrregular(int i) {
        return fields.isIrregular(i);
    }

    final void drop(int i) {
        fields.drop(i);
    }

    final HeadLimits limits() {
        return limits;
    }

    /** Whether the value of field {@code i} is this text, which must be in lower case. */
    final boolean valueIs(int i, String lower) {
        return Ascii.same(buf, valueStart(i), valueEnd(i), lower);
    }
}
