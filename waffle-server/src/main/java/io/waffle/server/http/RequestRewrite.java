// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a request needs to be sent on, besides itself. The first part belongs to the client connection and is set once, the second to the
 * backend chosen. Mutable so that nothing is allocated per request; not thread-safe.
 */
public final class RequestRewrite {

    private static final byte[] NONE = {};

    private byte[] clientAddress = NONE;
    private boolean trusted;
    private boolean secure;
    private int listenerPort;
    private boolean passesUnderscores;
    private boolean writesForwarded;
    private byte @Nullable [] certificate;
    private FieldEdits edits = FieldEdits.NONE;

    private byte[] backendAuthority = NONE;
    private boolean backendSecure;
    private byte[] prefix = NONE;
    private int prefixLength;
    private boolean preserveHost = true;
    private PathRewrite path = PathRewrite.NONE;
    private byte[] host = NONE;

    /** The peer's address for {@code X-Forwarded-For}, without brackets; empty if it has none. The array is kept, not copied. */
    public RequestRewrite clientAddress(byte[] ascii) {
        clientAddress = ascii;
        return this;
    }

    /** Whether the peer may say for whom it forwards; default no. */
    public RequestRewrite trusted(boolean trusted) {
        this.trusted = trusted;
        return this;
    }

    /** Whether the client came over TLS; default no. */
    public RequestRewrite secure(boolean secure) {
        this.secure = secure;
        return this;
    }

    /** Whether a name with an underscore passes; default no. */
    public RequestRewrite passesUnderscores(boolean passes) {
        passesUnderscores = passes;
        return this;
    }

    /** Whether {@code Forwarded} (RFC 7239) is written, besides {@code X-Forwarded-*}; default no. */
    public RequestRewrite writesForwarded(boolean writes) {
        writesForwarded = writes;
        return this;
    }

    /**
     * What is told of the client's certificate: {@link ClientCertFields}, which is empty for a client without one. Null, which is the
     * default, if that is not told here, but perhaps by a trusted peer. The array is kept, not copied.
     */
    public RequestRewrite certificate(byte @Nullable [] fields) {
        certificate = fields;
        return this;
    }

    /** What else is changed; default nothing. */
    public RequestRewrite edits(FieldEdits changes) {
        edits = changes;
        return this;
    }

    /**
     * Whether the client came over https: as a trusted peer says of it, else as it came to us. Several proxies make a list of it, the first of which
     * was the nearest to the client; {@code wss} is https for WebSockets.
     */
    public boolean isHttps(RequestHead head) {
        int said = trusted ? head.indexOf(KnownField.X_FORWARDED_PROTO) : -1;
        if (said < 0) {
            return secure;
        }
        int from = head.valueStart(said);
        int comma = Ascii.indexOf(head.buf(), ',', from, head.valueEnd(said));
        int to = Ascii.trimEnd(head.buf(), from, comma);
        return Ascii.same(head.buf(), from, to, "https") || Ascii.same(head.buf(), from, to, "wss");
    }

    /** The port the client connected to, which is told to the backend if the client has not said what it asked for; 0 if there is none. */
    public RequestRewrite listenerPort(int port) {
        listenerPort = port;
        return this;
    }

    /** Host and port of the backend, for {@code Host} where the client's is not kept or missing. The array is kept, not copied. */
    public RequestRewrite backendAuthority(byte[] ascii) {
        backendAuthority = ascii;
        return this;
    }

    /** Whether the backend is asked by https; default no. */
    public RequestRewrite backendSecure(boolean secured) {
        backendSecure = secured;
        return this;
    }

    /** The path of the backend's URL, with or without a slash at its end; empty or {@code /} for none. The array is kept, not copied. */
    public RequestRewrite prefix(byte[] ascii) {
        prefix = ascii;
        prefixLength = ascii.length;
        while (prefixLength > 0 && ascii[prefixLength - 1] == '/') {
            prefixLength--;
        }
        return this;
    }

    /** Whether the client's {@code Host} goes to the backend (default), or the backend's own. */
    public RequestRewrite preserveHost(boolean preserve) {
        preserveHost = preserve;
        return this;
    }

    /** Another path in place of the client's; default none. */
    public RequestRewrite path(PathRewrite other) {
        path = other;
        return this;
    }

    /** What {@code Host} says, whatever the client's did; empty, as by default, for nothing of that. The array is kept, not copied. */
    public RequestRewrite host(byte[] ascii) {
        host = ascii;
        return this;
    }

    PathRewrite path() {
        return path;
    }

    byte[] host() {
        return host;
    }

    byte[] clientAddress() {
        return clientAddress;
    }

    boolean trusted() {
        return trusted;
    }

    boolean secure() {
        return secure;
    }

    int listenerPort() {
        return listenerPort;
    }

    boolean passesUnderscores() {
        return passesUnderscores;
    }

    boolean writesForwarded() {
        return writesForwarded;
    }

    byte @Nullable [] certificate() {
        return certificate;
    }

    FieldEdits edits() {
        return edits;
    }

    byte[] backendAuthority() {
        return backendAuthority;
    }

    boolean backendSecure() {
        return backendSecure;
    }

    byte[] prefix() {
        return prefix;
    }

    int prefixLength() {
        return prefixLength;
    }

    boolean preserveHost() {
        return preserveHost;
    }

    @Override
    public String toString() {
        return "RequestRewrite[client=" + new String(clientAddress, StandardCharsets.US_ASCII) + ", backend="
                + new String(backendAuthority, StandardCharsets.US_ASCII) + "]";
    }
}
