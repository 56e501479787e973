// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/**
 * The head of a backend's response. What is framed ambiguously is refused whatever the status, even where no content may follow: a backend
 * that sends such a head is not to be trusted with the connection.
 */
public final class ResponseHead extends Head {

    private static final int SWITCHING_PROTOCOLS = 101;

    private int status;
    private int reasonStart;
    private int reasonEnd;
    private int minorVersion;
    private Framing framing = Framing.CLOSE;

    public ResponseHead(HeadLimits limits) {
        super(limits);
    }

    @Override
    public void reset() {
        super.reset();
        status = 0;
        framing = Framing.CLOSE;
    }

    public int status() {
        return status;
    }

    public int reasonStart() {
        return reasonStart;
    }

    public int reasonEnd() {
        return reasonEnd;
    }

    @Override
    public int minorVersion() {
        return minorVersion;
    }

    /** Whether more responses to the same request follow; 101 is the last one. */
    public boolean isInterim() {
        return status < 200 && status != SWITCHING_PROTOCOLS;
    }

    /** How the content is framed if the request was not HEAD. */
    @Override
    public Framing framing() {
        return framing(false);
    }

    /** How the content is framed (RFC 9112 section 6.3): none for HEAD, 1xx, 204 and 304, whatever the fields say. */
    public Framing framing(boolean requestWasHead) {
        boolean bodiless = requestWasHead || status < 200 || status == 204 || status == 304;
        return bodiless ? Framing.NONE : framing;
    }

    /** Whether the backend keeps the connection open by what it says: in HTTP/1.1 unless it says close, in HTTP/1.0 only if it says so. */
    public boolean keepAlive() {
        return !options().has(ConnectionOptions.CLOSE)
                && (minorVersion > 0 || options().has(ConnectionOptions.KEEP_ALIVE));
    }

    /** Whether the connection may carry another request once this response has ended where its framing says. */
    public boolean reusable(boolean requestWasHead) {
        return keepAlive() && status != SWITCHING_PROTOCOLS && framing(requestWasHead) != Framing.CLOSE;
    }

    @Override
    void startLine(int from, int to) throws HeadException {
        ByteBuffer buf = buf();
        int at = from + Version.LENGTH;
        if (to - from < Version.LENGTH + 4 || buf.get(at) != Ascii.SP) {
            throw HeadException.bad("status line: not a version, a space and a status");
        }
        minorVersion = Version.minor(buf, from, at);
        status = 0;
        for (int i = at + 1; i < at + 4; i++) {
            if (!Ascii.is(Ascii.DIGIT, buf.get(i))) {
                throw HeadException.bad("status line: the status is not three digits");
            }
            status = 10 * status + buf.get(i) - '0';
        }
        if (status < 100) {
            throw HeadException.bad("status line: the status is below 100");
        }
        readReason(at + 4, to);
    }

    @Override
    boolean allowsEmptyLine() {
        return false;
    }

    @Override
    int lineTooLong() {
        return 431;
    }

    @Override
    void finish() throws HeadException {
        Framing byFields = body().framing(minorVersion);
        framing = byFields == Framing.NONE ? Framing.CLOSE : byFields;
    }

    /** Some servers leave out the space along with the reason; nothing else can be meant. */
    private void readReason(int from, int to) throws HeadException {
        if (from < to && buf().get(from) != Ascii.SP) {
            throw HeadException.bad("status line: no space after the status");
        }
        reasonStart = Math.min(from + 1, to);
        reasonEnd = to;
    }
}
