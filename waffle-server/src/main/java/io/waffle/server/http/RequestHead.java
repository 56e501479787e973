// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of a request. What {@link #parse} accepts can be read in one way only: when it returns a length, line, target, host and framing have
 * been checked, and method, version and expectation are ones that Waffle serves.
 */
public final class RequestHead extends Head {

    /** What kind of request target came (RFC 9112 section 3.2); authority-form belongs to CONNECT, which is refused. */
    public enum TargetForm {
        ORIGIN,
        ABSOLUTE,
        ASTERISK
    }

    private static final String H2C = "h2c";

    /** A host name has 253 bytes at most; the rest is for whoever encodes it. It is written up to three times, and all that is written has a bound. */
    static final int MAX_HOST = 1024;

    private final RequestRules rules;
    private final Authority authority = new Authority();
    private final PathEscape escape = new PathEscape();
    private final RequestLine line;

    private int hostStart;
    private int hostEnd;
    private Framing framing = Framing.NONE;
    private long maxForwards;
    private boolean expectsContinue;
    private boolean upgrade;

    public RequestHead(HeadLimits limits) {
        this(limits, RequestRules.DEFAULT);
    }

    public RequestHead(HeadLimits limits, RequestRules rules) {
        super(limits, Tolerance.REQUEST);
        this.rules = rules;
        this.line = new RequestLine(authority, rules.encodesRawTargets());
        clear();
    }

    @Override
    public void reset() {
        super.reset();
        clear();
    }

    /** The method; a string of its own for the common ones, others are made on the first call. */
    public String method() {
        return line.method(buf());
    }

    /** Whether it is this method; letter case counts. Makes no string of it. */
    public boolean isMethod(String name) {
        String known = line.known();
        return known.isEmpty() ? Ascii.is(buf(), line.methodStart(), line.methodEnd(), name) : known.equals(name);
    }

    public int methodStart() {
        return line.methodStart();
    }

    public int methodEnd() {
        return line.methodEnd();
    }

    public TargetForm targetForm() {
        return line.form();
    }

    public int targetStart() {
        return line.targetStart();
    }

    public int targetEnd() {
        return line.targetEnd();
    }

    /**
     * Where path and query start; they end at {@link #pathEnd}. In absolute-form the path may be empty, which means {@code /}, or
     * {@code *} for OPTIONS: see {@link #pathIsEmpty} and {@link #path}.
     */
    public int pathStart() {
        return line.pathStart();
    }

    public int pathEnd() {
        return line.targetEnd();
    }

    /** Where the path alone ends: at the {@code ?} of the query, or at {@link #pathEnd}. */
    public int queryStart() {
        return line.queryStart();
    }

    /** Whether the target was absolute and had no path; there may be a query. */
    public boolean pathIsEmpty() {
        return line.pathStart() == line.targetEnd() || buf().get(line.pathStart()) == '?';
    }

    /** Whether the path holds what some take for something else: a percent triplet, a semicolon, a byte beyond ASCII. */
    public boolean pathHasMarks() {
        return line.pathHasMarks();
    }

    /** Path and query in origin-form, or {@code *}. Allocates. */
    public String path() {
        String path = Ascii.text(buf(), line.pathStart(), line.targetEnd());
        if (isForWholeServer()) {
            return "*";
        }
        return pathIsEmpty() ? "/" + path : path;
    }

    /** As {@link #path()}; allocates only what was not read lately. */
    public String path(RecentTexts recent) {
        boolean asItCame = !isForWholeServer() && !pathIsEmpty();
        return asItCame ? recent.text(buf(), line.pathStart(), line.targetEnd()).orElseThrow() : path();
    }

    /** Whether this is about the server as a whole: {@code *}, or OPTIONS with a target that has neither path nor query (RFC 9112 section 3.2.4). */
    public boolean isForWholeServer() {
        return line.form() == TargetForm.ASTERISK || (line.pathStart() == line.targetEnd() && line.isMethod("OPTIONS"));
    }

    /** Whether the path, put behind that of a backend, may lead out of it by some reading: see {@link PathEscape}. */
    public boolean pathLeadsOut() {
        return escape.leads(buf(), line.pathStart(), line.queryStart());
    }

    /** Whether it was sent on by this process before, so that it goes in a circle. */
    public boolean hasBeenHere() {
        return has(KnownField.VIA) && Via.hasBeenHere(this);
    }

    /** How many bytes of the target are beyond ASCII; they are percent-encoded when they are passed on. */
    int rawTargetBytes() {
        return line.rawBytes();
    }

    /** Where the host this request is for starts: the authority of an absolute target, else the value of {@code Host}; -1 if HTTP/1.0 gave none. */
    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    @Override
    public int minorVersion() {
        return line.minorVersion();
    }

    /** {@link Framing#NONE}, {@link Framing#LENGTH} or {@link Framing#CHUNKED}. */
    @Override
    public Framing framing() {
        return framing;
    }

    /** Whether the client wants the connection kept: in HTTP/1.1 unless it says close, in HTTP/1.0 only if it asks. */
    public boolean keepAlive() {
        return !options().has(ConnectionOptions.CLOSE)
                && (line.minorVersion() > 0 || options().has(ConnectionOptions.KEEP_ALIVE));
    }

    /** Whether the client may wait for a 100 before it sends the content that is to come. */
    public boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether the client asks for another protocol on this connection; {@code h2c} does not count, RFC 9113 has abandoned it. */
    public boolean upgrade() {
        return upgrade;
    }

    /** The protocols of {@code Upgrade} in the client's order, without {@code h2c}. Allocates. */
    public List<String> upgradeProtocols() {
        List<String> protocols = new ArrayList<>();
        for (int i = 0; i < fieldCount(); i++) {
            if (known(i) == KnownField.UPGRADE) {
                for (String element : value(i).split(",", -1)) {
                    String protocol = element.strip();
                    if (!protocol.isEmpty() && !protocol.equalsIgnoreCase(H2C)) {
                        protocols.add(protocol);
                    }
                }
            }
        }
        return protocols;
    }

    /** Whether {@code TE} says {@code trailers}, without a weight: the client takes trailers. */
    public boolean takesTrailers() {
        if (!has(KnownField.TE)) {
            return false;
        }
        for (int i = 0; i < fieldCount(); i++) {
            if (known(i) == KnownField.TE && ConnectionOptions.listHas(buf(), valueStart(i), valueEnd(i), "trailers")) {
                return true;
            }
        }
        return false;
    }

    public boolean isHead() {
        return line.isMethod("HEAD");
    }

    /** Whether sending it twice means the same as sending it once (RFC 9110 section 9.2.2). */
    public boolean idempotent() {
        return switch (line.known()) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** Of OPTIONS and TRACE, the value of {@code Max-Forwards}, at 0 of which the request goes no further; else -1. */
    public long maxForwards() {
        return maxForwards;
    }

    @Override
    void startLine(int from, int to) throws HeadException {
        line.read(buf(), from, to);
        hostStart = line.hostStart();
        hostEnd = line.hostEnd();
    }

    @Override
    boolean allowsEmptyLine() {
        return true;
    }

    @Override
    int numberOfOdd(ByteBuffer buf, int from, int to) {
        return FieldTable.ofOdd(buf, from, to);
    }

    @Override
    int lineTooLong() {
        return 414;
    }

    @Override
    void finish() throws HeadException {
        checkTarget();
        checkHost();
        checkNames();
        framing = body().framing(line.minorVersion());
        checkMethod();
        readExpect();
        readMaxForwards();
        upgrade = asksForUpgrade();
    }

    private void clear() {
        line.reset();
        hostStart = -1;
        hostEnd = -1;
        framing = Framing.NONE;
        maxForwards = -1;
        expectsContinue = false;
        upgrade = false;
    }

    /** What is passed on has the same bounds as what came. */
    private void checkTarget() throws HeadException {
        if (line.rawBytes() > 0 && length() + 2 * line.rawBytes() > limits().head()) {
            throw new HeadException(414, "target: too long when it is percent-encoded");
        }
    }

    private void checkHost() throws HeadException {
        int host = indexOf(KnownField.HOST);
        if (host < 0) {
            if (line.minorVersion() > 0) {
                throw HeadException.bad("Host: missing");
            }
            return;
        }
        for (int i = host + 1; i < fieldCount(); i++) {
            if (known(i) == KnownField.HOST) {
                throw HeadException.bad("Host: more than one");
            }
        }
        if (Math.max(valueEnd(host) - valueStart(host), line.hostEnd() - line.hostStart()) > MAX_HOST) {
            throw HeadException.bad("Host: longer than " + MAX_HOST + " bytes");
        }
        if (!authority.isValid(buf(), valueStart(host), valueEnd(host))) {
            throw HeadException.bad("Host: not a valid host and port");
        }
        if (line.form() != TargetForm.ABSOLUTE) {
            hostStart = valueStart(host);
            hostEnd = valueEnd(host);
        }
    }

    private void checkNames() throws HeadException {
        if (rules.refusesUnderscores() && (has(KnownField.UNDERSCORED) || has(KnownField.ALIAS))) {
            throw HeadException.bad("field name: with an underscore, or another mark that some take for a dash");
        }
    }

    private void checkMethod() throws HeadException {
        if (line.isMethod("CONNECT")) {
            throw new HeadException(405, "CONNECT: not served");
        }
        if (line.isMethod("TRACE")) {
            if (!rules.allowsTrace()) {
                throw new HeadException(405, "TRACE: not served");
            }
            if (framing != Framing.NONE) {
                throw HeadException.bad("TRACE: with content");
            }
        }
    }

    /** An HTTP/1.0 client cannot know what 100 is: there the expectation is ignored (RFC 9110 section 10.1.1). */
    private void readExpect() throws HeadException {
        if (!has(KnownField.EXPECT) || line.minorVersion() == 0) {
            return;
        }
        for (int i = indexOf(KnownField.EXPECT); i < fieldCount(); i++) {
            if (known(i) == KnownField.EXPECT && !valueIs(i, "100-continue")) {
                throw new HeadException(417, "Expect: not 100-continue");
            }
        }
        expectsContinue = framing == Framing.CHUNKED || contentLength() > 0;
    }

    private void readMaxForwards() throws HeadException {
        int at = indexOf(KnownField.MAX_FORWARDS);
        if (at < 0 || !(line.isMethod("OPTIONS") || line.isMethod("TRACE"))) {
            return;
        }
        int start = valueStart(at);
        int end = valueEnd(at);
        // Nine digits are more hops than there are.
        if (start == end || end - start > 9 || Ascii.skip(Ascii.DIGIT, buf(), start, end) != end) {
            throw HeadException.bad("Max-Forwards: not a number of up to nine digits");
        }
        maxForwards = 0;
        for (int i = start; i < end; i++) {
            maxForwards = 10 * maxForwards + buf().get(i) - '0';
        }
    }

    private boolean asksForUpgrade() {
        if (line.minorVersion() == 0 || !has(KnownField.UPGRADE) || !options().has(ConnectionOptions.UPGRADE)) {
            return false;
        }
        return !upgradeProtocols().isEmpty(); // a tunnel is set up once and may allocate
    }
}
