// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/**
 * The line before a chunk, byte by byte: {@code 1*16HEXDIG *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] ) CRLF}
 * (RFC 9112 section 7.1). Extensions are checked against their grammar and forgotten. No byte of them may be a CR, an LF or another
 * control, in quotes neither: where two parsers could disagree about the end of the line there is no line.
 */
final class ChunkLine {

    /** Longest line but for its CRLF; the longest extensions known in use, signatures of uploads, take about a hundred bytes. */
    static final int MAX_LENGTH = 512;

    private static final int MAX_DIGITS = 16;

    private enum State {
        SIZE,
        BLANKS,
        NAME_START,
        NAME,
        AFTER_NAME,
        VALUE_START,
        VALUE,
        QUOTED,
        ESCAPED,
        VALUE_END,
        LF
    }

    private final boolean padded;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int length;

    /** @param padded whether there may be blanks between the size and the end of the line, as some servers write them */
    ChunkLine(boolean padded) {
        this.padded = padded;
    }

    void reset() {
        state = State.SIZE;
        size = 0;
        digits = 0;
        length = 0;
    }

    /** The size of the chunk once {@link #next} has said that the line is complete. */
    long size() {
        return size;
    }

    /** Takes one byte; true if it ended the line. */
    boolean next(byte b) throws HeadException {
        if (state == State.LF) {
            if (b != Ascii.LF) {
                throw HeadException.bad("chunk: CR without LF");
            }
            return true;
        }
        if (++length > MAX_LENGTH) {
            throw HeadException.bad("chunk: extensions longer than " + MAX_LENGTH + " bytes");
        }
        state = switch (state) {
            case SIZE -> size(b);
            case BLANKS -> Ascii.isBlank(b) ? State.BLANKS : afterBlanks(b);
            case NAME_START -> Ascii.isBlank(b) ? State.NAME_START : token(b, State.NAME);
            case NAME -> Ascii.is(Ascii.TOKEN, b) ? State.NAME : afterName(b);
            case AFTER_NAME -> Ascii.isBlank(b) ? State.AFTER_NAME : afterName(b);
            case VALUE_START -> valueStart(b);
            case VALUE -> Ascii.is(Ascii.TOKEN, b) ? State.VALUE : afterValue(b);
            case QUOTED -> quoted(b);
            case ESCAPED -> visible(b);
            case VALUE_END -> afterValue(b);
            case LF -> throw new AssertionError("handled above");
        };
        return false;
    }

    private State size(byte b) throws HeadException {
        if (Ascii.is(Ascii.HEX, b)) {
            if (++digits > MAX_DIGITS || size >> 59 != 0) {
                throw HeadException.bad("chunk: size of more than 16 digits or 2^63-1");
            }
            size = (size << 4) | Ascii.hex(b);
            return State.SIZE;
        }
        if (digits == 0) {
            throw HeadException.bad("chunk: no hexadecimal size");
        }
        return afterValue(b);
    }

    private static State afterValue(byte b) throws HeadException {
        return Ascii.isBlank(b) ? State.BLANKS : endOrSemicolon(b);
    }

    private State afterBlanks(byte b) throws HeadException {
        return padded ? endOrSemicolon(b) : semicolon(b);
    }

    private static State endOrSemicolon(byte b) throws HeadException {
        return b == Ascii.CR ? State.LF : semicolon(b);
    }

    private static State semicolon(byte b) throws HeadException {
        if (b != ';') {
            throw malformed();
        }
        return State.NAME_START;
    }

    private static State afterName(byte b) throws HeadException {
        if (b == '=') {
            return State.VALUE_START;
        }
        return Ascii.isBlank(b) ? State.AFTER_NAME : endOrSemicolon(b);
    }

    private static State valueStart(byte b) throws HeadException {
        if (b == '"') {
            return State.QUOTED;
        }
        return Ascii.isBlank(b) ? State.VALUE_START : token(b, State.VALUE);
    }

    private static State quoted(byte b) throws HeadException {
        if (b == '"') {
            return State.VALUE_END;
        }
        return b == '\\' ? State.ESCAPED : visible(b);
    }

    private static State visible(byte b) throws HeadException {
        if (!Ascii.is(Ascii.VALUE, b)) {
            throw malformed();
        }
        return State.QUOTED;
    }

    private static State token(byte b, State next) throws HeadException {
        if (!Ascii.is(Ascii.TOKEN, b)) {
            throw malformed();
        }
        return next;
    }

    private static HeadException malformed() {
        return HeadException.bad("chunk: neither CRLF nor a well-formed extension after the size");
    }
}
