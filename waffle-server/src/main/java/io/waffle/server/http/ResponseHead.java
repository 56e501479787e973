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
    private int keepAliveSeconds = -1;

    public ResponseHead(HeadLimits limits) {
        this(limits, false);
    }

    /** @param lenient whether lines that end in LF alone are taken */
    public ResponseHead(HeadLimits limits, boolean lenient) {
        super(limits, lenient ? Tolerance.LENIENT_RESPONSE : Tolerance.RESPONSE);
    }

    @Override
    public void reset() {
        super.reset();
        status = 0;
        framing = Framing.CLOSE;
        keepAliveSeconds = -1;
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

    /**
     * Whether the backend keeps the connection open by what it says: in HTTP/1.1 unless it says close, in HTTP/1.0 only if it says so. A 204 that
     * announces content will not be believed: what it sends later, the last chunk at least, would be taken for the next response.
     */
    public boolean keepAlive() {
        return !(status == 204 && announcesContent())
                && !options().has(ConnectionOptions.CLOSE)
                && (minorVersion > 0 || options().has(ConnectionOptions.KEEP_ALIVE));
    }

    private boolean announcesContent() {
        return framing == Framing.CHUNKED || contentLength() > 0;
    }

    /** For how many seconds the backend says it keeps the connection, {@code Keep-Alive: timeout=5}; -1 if it does not. */
    public int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    /** Whether it says that caches which many share may store it: {@code public}, or {@code s-maxage} (RFC 9111 section 5.2.2). */
    public boolean isForSharedCaches() {
        for (int i = Math.max(0, indexOf(KnownField.CACHE_CONTROL)); i < fieldCount(); i++) {
            if (known(i) == KnownField.CACHE_CONTROL
                    && (ConnectionOptions.listHas(buf(), valueStart(i), valueEnd(i), "public")
                            || parameter(i, "s-maxage=") >= 0)) {
                return true;
            }
        }
        return false;
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
    int numberOfOdd(ByteBuffer buf, int from, int to) {
        return FieldTable.of(buf, from, to);
    }

    @Override
    int lineTooLong() {
        return 431;
    }

    @Override
    void finish() throws HeadException {
        Framing byFields = body().framing(minorVersion);
        framing = byFields == Framing.NONE ? Framing.CLOSE : byFields;
        int keepAlive = indexOf(KnownField.KEEP_ALIVE);
        keepAliveSeconds = keepAlive < 0 ? -1 : parameter(keepAlive, "timeout=");
    }

    /** The number that element of the list in field {@code i} has, with the {@code =} behind its name; -1 if there is none. */
    private int parameter(int i, String lower) {
        int from = valueStart(i);
        int to = valueEnd(i);
        while (from < to) {
            int comma = Ascii.indexOf(buf(), ',', from, to);
            int begin = Ascii.skipBlanks(buf(), from, comma);
            int digits = begin + lower.length();
            if (digits < comma && Ascii.same(buf(), begin, digits, lower)) {
                return number(digits, comma);
            }
            from = comma + 1;
        }
        return -1;
    }

    /** Of up to nine digits, which is more than thirty years of seconds. */
    private int number(int from, int to) {
        int end = Ascii.skip(Ascii.DIGIT, buf(), from, Math.min(to, from + 9));
        int value = end == from ? -1 : 0;
        for (int i = from; i < end; i++) {
            value = 10 * value + buf().get(i) - '0';
        }
        return value;
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
