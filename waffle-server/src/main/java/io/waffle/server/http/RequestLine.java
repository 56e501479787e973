// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/** The first line of a request, taken apart (RFC 9112 section 3). */
final class RequestLine {

    private static final String[] METHODS = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"
    };

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Authority authority;
    private final boolean encodesRaw;

    private ByteBuffer buf = NOTHING;
    private int methodStart;
    private int methodEnd;
    private String known = "";
    private String method = "";
    private int targetStart;
    private int targetEnd;
    private RequestHead.TargetForm form = RequestHead.TargetForm.ORIGIN;
    private int pathStart;
    private int queryStart;
    private boolean marks;
    private int hostStart;
    private int hostEnd;
    private int minorVersion;
    private int rawBytes;

    /** @param encodesRaw whether bytes of a target beyond ASCII are taken, to be percent-encoded; otherwise they are refused */
    RequestLine(Authority authority, boolean encodesRaw) {
        this.authority = authority;
        this.encodesRaw = encodesRaw;
        reset();
    }

    void reset() {
        buf = NOTHING;
        methodStart = 0;
        methodEnd = 0;
        known = "";
        method = "";
        targetStart = 0;
        targetEnd = 0;
        pathStart = 0;
        queryStart = 0;
        marks = false;
        form = RequestHead.TargetForm.ORIGIN;
        hostStart = -1;
        hostEnd = -1;
        minorVersion = 1;
        rawBytes = 0;
    }

    /** Reads [from, to), which has no CRLF; each byte of it is known to be allowed in a field value. */
    void read(ByteBuffer buf, int from, int to) throws HeadException {
        this.buf = buf;
        methodStart = from;
        methodEnd = Ascii.skip(Ascii.TOKEN, buf, from, to);
        if (methodEnd == from || methodEnd == to || buf.get(methodEnd) != Ascii.SP) {
            throw HeadException.bad("request line: no method with one space after it");
        }
        targetStart = methodEnd + 1;
        targetEnd = endOfTarget(to);
        queryStart = queryStart < 0 ? targetEnd : queryStart;
        if (targetEnd == targetStart || targetEnd == to || buf.get(targetEnd) != Ascii.SP) {
            throw HeadException.bad("request line: no target of visible ASCII with one space after it");
        }
        minorVersion = Version.minor(buf, targetEnd + 1, to);
        known = commonMethod();
        readTarget();
    }

    /** The method if it is a common one, else empty. */
    String known() {
        return known;
    }

    /** The method; one that is not common is made on the first call, from the buffer the head is in by now. */
    String method(ByteBuffer buf) {
        if (method.isEmpty() && methodEnd > methodStart) {
            method = known.isEmpty() ? Ascii.text(buf, methodStart, methodEnd) : known;
        }
        return method;
    }

    /** Whether it is this one of the common methods. */
    boolean isMethod(String common) {
        return known.equals(common);
    }

    int methodStart() {
        return methodStart;
    }

    int methodEnd() {
        return methodEnd;
    }

    RequestHead.TargetForm form() {
        return form;
    }

    int targetStart() {
        return targetStart;
    }

    int targetEnd() {
        return targetEnd;
    }

    int pathStart() {
        return pathStart;
    }

    /** Where the query starts, with its {@code ?}; the end of the target if there is none. */
    int queryStart() {
        return queryStart;
    }

    /** Where the authority of an absolute target starts, or -1. */
    int hostStart() {
        return hostStart;
    }

    int hostEnd() {
        return hostEnd;
    }

    /** Whether the path holds a percent triplet, a semicolon or a byte beyond ASCII. */
    boolean pathHasMarks() {
        return marks;
    }

    int minorVersion() {
        return minorVersion;
    }

    /** How many bytes of the target are beyond ASCII: each is to be percent-encoded. */
    int rawBytes() {
        return rawBytes;
    }

    /** A query passes as it is, whatever it holds but controls: it is for the application alone, and no file is named by it. */
    private int endOfTarget(int to) throws HeadException {
        int kind = Ascii.PLAIN_PATH;
        int at = Ascii.skip(kind, buf, targetStart, to);
        queryStart = -1;
        marks = false;
        while (at < to && buf.get(at) != Ascii.SP) {
            byte b = buf.get(at);
            if (b == '?') {
                kind = Ascii.TARGET;
                queryStart = at;
            } else if (b == '%') {
                checkTriplet(at, to);
                marks = true;
            } else if (b < 0 && encodesRaw) {
                rawBytes++;
                marks |= queryStart < 0;
            } else if (b == ';') {
                marks = true;
            } else {
                throw b == '\\'
                        ? HeadException.bad("target: a backslash")
                        : HeadException.bad("target: not of visible ASCII");
            }
            at = Ascii.skip(kind, buf, at + 1, to);
        }
        return at;
    }

    private void checkTriplet(int at, int to) throws HeadException {
        if (at + 2 >= to || !Ascii.is(Ascii.HEX, buf.get(at + 1)) || !Ascii.is(Ascii.HEX, buf.get(at + 2))) {
            throw HeadException.bad("target: % without two hexadecimal digits behind it");
        }
        if (buf.get(at + 1) == '0' && buf.get(at + 2) == '0') {
            throw HeadException.bad("target: %00");
        }
    }

    /** Methods are case-sensitive. */
    private String commonMethod() {
        for (String common : METHODS) {
            if (Ascii.is(buf, methodStart, methodEnd, common)) {
                return common;
            }
        }
        return "";
    }

    private void readTarget() throws HeadException {
        byte b = buf.get(targetStart);
        pathStart = targetStart;
        if (b == '/') {
            form = RequestHead.TargetForm.ORIGIN;
        } else if (isMethod("CONNECT")) {
            form = RequestHead.TargetForm.ORIGIN; // authority-form; refused when the head is complete
        } else if (b == '*' && targetEnd == targetStart + 1 && isMethod("OPTIONS")) {
            form = RequestHead.TargetForm.ASTERISK;
        } else {
            form = RequestHead.TargetForm.ABSOLUTE;
            readAbsolute();
        }
    }

    private void readAbsolute() throws HeadException {
        int colon = Ascii.indexOf(buf, ':', targetStart, targetEnd);
        boolean http = Ascii.same(buf, targetStart, colon, "http") || Ascii.same(buf, targetStart, colon, "https");
        if (!http || colon + 3 > targetEnd || buf.get(colon + 1) != '/' || buf.get(colon + 2) != '/') {
            throw HeadException.bad("target: neither a path nor an http URI, nor * with OPTIONS");
        }
        hostStart = colon + 3;
        int at = hostStart;
        while (at < targetEnd && buf.get(at) != '/' && buf.get(at) != '?') {
            at++;
        }
        hostEnd = at;
        pathStart = at;
        if (hostStart == hostEnd || !authority.isValid(buf, hostStart, hostEnd)) {
            throw HeadException.bad("target: not a valid host and port");
        }
    }
}
