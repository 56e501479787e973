// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/**
 * Finds the lines of a head: a state machine over bytes that stops wherever the input does and goes on from there. Each byte is looked at
 * once however the head is cut up, so a client that sends one byte at a time costs no more than one that sends all at once.
 */
final class HeadScanner {

    private static final int BEFORE = 0;
    private static final int LINE = 1;
    private static final int FIELD = 2;
    private static final int NAME = 3;
    private static final int COLON = 4;
    private static final int BLANKS = 5;
    private static final int VALUE = 6;
    private static final int VALUE_LF = 7;
    private static final int LAST_LF = 8;
    private static final int DONE = 9;

    private static final int MORE = -1;

    private final Head head;
    private final HeadLimits limits;
    private final Fields fields;
    private final Tolerance tolerance;

    private int state;
    private int scanned;
    private int lineStart;
    private int fieldsEnd;
    private boolean oddName;

    HeadScanner(Head head, HeadLimits limits, Fields fields) {
        this.head = head;
        this.limits = limits;
        this.fields = fields;
        this.tolerance = head.tolerance();
    }

    void reset() {
        state = BEFORE;
        scanned = 0;
        lineStart = 0;
    }

    /** How far the head has been read: its length, once it is complete. */
    int scanned() {
        return scanned;
    }

    /** Where the line begins that ends the head. */
    int fieldsEnd() {
        return fieldsEnd;
    }

    /** Reads on; the length of the head once it is complete, else -1. */
    int scan(ByteBuffer buf, int end) throws HeadException {
        if (state == DONE) {
            return scanned;
        }
        advance(buf, scanned, Math.min(end, limits.head()));
        if (state == DONE) {
            return scanned;
        }
        if (end >= limits.head()) {
            throw tooLarge();
        }
        return MORE;
    }

    /**
     * Goes through the states in the order of the text, entering at the one where the input ran out. A step moves the state on only if it got to
     * its end; otherwise none of the steps behind it matches. Compiled, this is a straight line; a switch in a loop took a third more time.
     */
    private void advance(ByteBuffer buf, int from, int stop) throws HeadException {
        int at = from;
        if (state == BEFORE) {
            at = before(buf, at, stop);
        }
        if (state == LINE) {
            at = line(buf, at, stop);
        }
        while (at >= 0 && state < LAST_LF) {
            at = fieldLine(buf, at, stop);
        }
        if (state == LAST_LF && at >= 0) {
            at = lineFeed(buf, at, stop, DONE);
        }
        if (state == DONE) {
            scanned = at;
            head.complete();
        }
    }

    private int fieldLine(ByteBuffer buf, int from, int stop) throws HeadException {
        int at = from;
        if (state == FIELD) {
            at = field(buf, at, stop);
        }
        if (state == NAME) {
            at = name(buf, at, stop);
        }
        if (state == COLON) {
            at = colon(buf, at, stop);
        }
        if (state == BLANKS) {
            at = blanks(buf, at, stop);
        }
        if (state == VALUE) {
            at = value(buf, at, stop);
        }
        if (state == VALUE_LF) {
            at = lineFeed(buf, at, stop, FIELD);
        }
        return at;
    }

    private int more(int at) {
        scanned = at;
        return MORE;
    }

    private int before(ByteBuffer buf, int at, int end) throws HeadException {
        if (at == end) {
            return more(at);
        }
        if (at == 0 && head.allowsEmptyLine() && buf.get(0) == Ascii.CR) {
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

    private int line(ByteBuffer buf, int from, int stop) throws HeadException {
        int end = Math.min(stop, lineStart + limits.line() + 2);
        int at = Ascii.skipValue(buf, from, end);
        if (at - lineStart > limits.line()) {
            throw tooLarge();
        }
        if (at == end || (at + 1 == end && buf.get(at) == Ascii.CR)) {
            return more(at);
        }
        if (buf.get(at) == Ascii.LF && tolerance.bareLineFeeds()) {
            head.startLine(lineStart, at);
            state = FIELD;
            return at + 1;
        }
        if (buf.get(at) != Ascii.CR || buf.get(at + 1) != Ascii.LF) {
            throw HeadException.bad("first line: a control byte, or a line end that is not CRLF");
        }
        head.startLine(lineStart, at);
        state = FIELD;
        return at + 2;
    }

    private int field(ByteBuffer buf, int at, int end) throws HeadException {
        if (at >= end) {
            return more(at);
        }
        byte b = buf.get(at);
        if (b == Ascii.CR || (b == Ascii.LF && tolerance.bareLineFeeds())) {
            fieldsEnd = at;
            state = b == Ascii.CR ? LAST_LF : DONE;
            return at + 1;
        }
        if (Ascii.isBlank(b)) {
            throw HeadException.bad("field line: starts with a blank (line folding is obsolete)");
        }
        if (fields.count() == limits.fields()) {
            throw new HeadException(431, "head: more than " + limits.fields() + " fields");
        }
        fields.nameStarts(at);
        oddName = false;
        state = NAME;
        return at;
    }

    private int name(ByteBuffer buf, int from, int end) throws HeadException {
        int at = Ascii.skip(Ascii.PLAIN_NAME, buf, from, end);
        if (at < end && buf.get(at) != ':') {
            int plain = at;
            at = Ascii.skip(Ascii.TOKEN, buf, plain, end);
            oddName |= at > plain;
        }
        if (at == end) {
            return more(at);
        }
        int start = fields.nameStart(fields.count());
        if (at == start) {
            throw noName();
        }
        fields.nameEnds(at, oddName ? head.numberOfOdd(buf, start, at) : FieldTable.of(buf, start, at));
        if (buf.get(at) != ':') {
            state = COLON;
            return at;
        }
        state = BLANKS;
        return at + 1;
    }

    /** Only here if there is none right behind the name: in a response blanks before it are to be removed (RFC 9112 section 5.1). */
    private int colon(ByteBuffer buf, int from, int end) throws HeadException {
        int at = tolerance.blanksBeforeColons() ? Ascii.skipBlanks(buf, from, end) : from;
        if (at == end) {
            return more(at);
        }
        if (buf.get(at) != ':') {
            throw noName();
        }
        fields.irregular();
        state = BLANKS;
        return at + 1;
    }

    private static HeadException noName() {
        return HeadException.bad("field name: not a token followed by a colon");
    }

    private int blanks(ByteBuffer buf, int from, int end) {
        int at = Ascii.skipBlanks(buf, from, end);
        if (at == end) {
            return more(at);
        }
        fields.valueStarts(at);
        state = VALUE;
        return at;
    }

    private int value(ByteBuffer buf, int from, int end) throws HeadException {
        int at = Ascii.skipValue(buf, from, end);
        if (at == end) {
            return more(at);
        }
        boolean bare = buf.get(at) == Ascii.LF && tolerance.bareLineFeeds();
        if (bare) {
            fields.irregular();
        } else if (buf.get(at) != Ascii.CR) {
            throw HeadException.bad("field value: a control byte, or a line end that is not CRLF");
        }
        fields.valueEnds(Ascii.trimEnd(buf, fields.valueStart(fields.count()), at));
        head.fieldRead(fields.count() - 1);
        state = bare ? FIELD : VALUE_LF;
        return at + 1;
    }

    private int lineFeed(ByteBuffer buf, int at, int end, int next) throws HeadException {
        if (at >= end) {
            return more(at);
        }
        if (buf.get(at) != Ascii.LF) {
            throw HeadException.bad("head: CR without LF");
        }
        state = next;
        return at + 1;
    }

    private HeadException tooLarge() {
        return state <= LINE
                ? new HeadException(head.lineTooLong(), "first line: longer than " + limits.line() + " bytes")
                : new HeadException(431, "head: longer than " + limits.head() + " bytes");
    }
}
