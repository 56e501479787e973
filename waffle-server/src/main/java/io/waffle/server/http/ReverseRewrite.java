// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Brings back what a backend says of places, where it was asked for another host or path than the client asked for: what begins with what it was
 * asked for becomes what the client asked for, in {@code Location}, {@code Content-Location}, and the {@code Path} and {@code Domain} of
 * {@code Set-Cookie}. Everything else stays byte for byte. Mutable so that nothing is allocated per response; not thread-safe.
 */
public final class ReverseRewrite {

    private static final long FIELDS =
            1L << KnownField.LOCATION | 1L << KnownField.CONTENT_LOCATION | 1L << KnownField.SET_COOKIE;

    private static final byte[] HTTP = Out.ascii("http://");
    private static final byte[] HTTPS = Out.ascii("https://");
    private static final String FOR_THIS_HOST = "__host-";

    private final RequestRewrite sent;
    private @Nullable RequestHead request;

    /** The path the client asked for in place of the backend's, without doubled slashes. */
    private byte[] own = new byte[64];

    private int ownLength;

    /** @param sent how requests are sent on */
    public ReverseRewrite(RequestRewrite sent) {
        this.sent = sent;
    }

    /** Whether fields of this number are concerned. */
    static boolean concerns(int known) {
        return ((FIELDS >>> known) & 1) != 0;
    }

    /** Learns of the request the next responses are for. */
    public void answering(RequestHead head) {
        request = head;
    }

    /** How many bytes a response may become longer by. To be asked before it is written. */
    int bound(ResponseHead head) {
        int count = 0;
        for (int i = 0; i < head.fieldCount(); i++) {
            count += concerns(head.known(i)) ? 1 : 0;
        }
        if (count == 0) {
            return 0;
        }
        RequestHead asked = asked();
        readOwn(asked);
        return count * (HTTPS.length + 2 * Math.max(0, asked.hostEnd() - asked.hostStart()) + ownLength + 2);
    }

    private RequestHead asked() {
        if (request == null) {
            throw new IllegalStateException("no request");
        }
        return request;
    }

    /** Doubled slashes at its beginning would make a host of what follows. */
    private void readOwn(RequestHead asked) {
        ByteBuffer buf = asked.buf();
        int end = sent.path().replacedEnd(asked);
        int most = 3 * Math.max(0, end - asked.pathStart());
        own = own.length < most ? new byte[most] : own;
        ByteBuffer into = ByteBuffer.wrap(own);
        for (int i = asked.pathStart(); i < end; i++) {
            byte b = buf.get(i);
            if (b < 0) {
                Out.percent(into, b);
            } else if (b != '/' || into.position() == 0 || own[into.position() - 1] != '/') {
                into.put(b);
            }
        }
        ownLength = into.position();
    }

    /** Appends the value of field {@code i}, which is {@link #concerns concerned}. */
    void write(ResponseHead head, int i, ByteBuffer src, ByteBuffer dst) {
        if (head.known(i) == KnownField.SET_COOKIE) {
            cookie(src, head.valueStart(i), head.valueEnd(i), dst);
        } else {
            reference(src, head.valueStart(i), head.valueEnd(i), dst);
        }
    }

    private void reference(ByteBuffer src, int from, int to, ByteBuffer dst) {
        int authority = authority(src, from, to);
        int path = authority < 0 ? from : pathStart(src, authority, to);
        int rest = behindAsked(src, path, to);
        boolean known = authority < 0 ? path < to && src.get(path) == '/' : isAsked(src, authority, path);
        if (!known || rest < 0 || (ownLength == 0 && authority < 0 && readsAsHost(src, rest, to))) {
            Out.copy(src, from, to, dst);
            return;
        }
        if (authority >= 0) {
            scheme(src, from, authority, dst);
            Out.copy(asked().buf(), asked().hostStart(), asked().hostEnd(), dst);
        }
        if (isOwnAlready(src, path, to, rest)) {
            Out.copy(src, path, to, dst);
            return;
        }
        dst.put(own, 0, ownLength);
        if (ownLength == 0 && authority < 0 && (rest == to || src.get(rest) != '/')) {
            dst.put((byte) '/');
        }
        Out.copy(src, rest, to, dst);
    }

    /** Where the authority begins; -1 if there is none. */
    private static int authority(ByteBuffer src, int from, int to) {
        int at = from;
        if (begins(src, from, to, "http://")) {
            at = from + HTTP.length;
        } else if (begins(src, from, to, "https://")) {
            at = from + HTTPS.length;
        } else if (begins(src, from, to, "//")) {
            at = from + 2;
        }
        return at == from ? -1 : at;
    }

    private static boolean begins(ByteBuffer src, int from, int to, String lower) {
        return from + lower.length() <= to && Ascii.same(src, from, from + lower.length(), lower);
    }

    private static int pathStart(ByteBuffer src, int from, int to) {
        int at = from;
        while (at < to && src.get(at) != '/' && !endsPath(src.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean endsPath(byte b) {
        return b == '?' || b == '#';
    }

    /** Whether the backend was asked for this authority; not if the client named none, for which there is nothing to bring it back to. */
    private boolean isAsked(ByteBuffer src, int from, int to) {
        RequestHead asked = asked();
        if (asked.hostStart() < 0 || asked.hostStart() == asked.hostEnd()) {
            return false;
        }
        if (keepsHost()) {
            return same(src, from, to, asked.buf(), asked.hostStart(), asked.hostEnd());
        }
        ByteBuffer host = ByteBuffer.wrap(host());
        return same(src, from, to, host, 0, host.limit());
    }

    private boolean keepsHost() {
        return sent.host().length == 0 && sent.preserveHost();
    }

    private byte[] host() {
        return sent.host().length > 0 ? sent.host() : sent.backendAuthority();
    }

    private static boolean same(ByteBuffer src, int from, int to, ByteBuffer other, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (Ascii.lower(src.get(from + i)) != Ascii.lower(other.get(otherFrom + i))) {
                return false;
            }
        }
        return true;
    }

    /** The scheme it was asked by becomes the client's; another is meant as it is. */
    private void scheme(ByteBuffer src, int from, int to, ByteBuffer dst) {
        boolean asAsked = begins(src, from, to, sent.backendSecure() ? "https://" : "http://");
        if (asAsked) {
            dst.put(sent.isHttps(asked()) ? HTTPS : HTTP);
        } else {
            Out.copy(src, from, to, dst);
        }
    }

    /** Where what follows the path begins that the backend was asked for, or for any below it; -1 if it is another path. */
    private int behindAsked(ByteBuffer src, int from, int to) {
        PathRewrite path = sent.path();
        int base = behind(src, from, to, sent.prefix(), sent.prefixLength());
        int at = base < 0 ? base : behind(src, base, to, path.replacement(), path.replacement().length);
        if (at < 0 || at == to || endsPath(src.get(at))) {
            return at;
        }
        return src.get(at) == '/' && !path.isWhole() ? at : -1;
    }

    private static int behind(ByteBuffer src, int from, int to, byte[] text, int length) {
        if (to - from < length) {
            return -1;
        }
        for (int i = 0; i < length; i++) {
            if (src.get(from + i) != text[i]) {
                return -1;
            }
        }
        return from + length;
    }

    /** Whether a backend that knows where clients find it has said just that: then more of it is the same than of what it was asked for. */
    private boolean isOwnAlready(ByteBuffer src, int from, int to, int behindAsked) {
        int at = behind(src, from, to, own, ownLength);
        return at > behindAsked && (at == to || src.get(at) == '/' || endsPath(src.get(at)));
    }

    /** Whether what is left begins with two slashes: a browser would take what follows for a host. It takes a backslash for a slash. */
    private static boolean readsAsHost(ByteBuffer src, int rest, int to) {
        return rest + 1 < to && src.get(rest) == '/' && (src.get(rest + 1) == '/' || src.get(rest + 1) == '\\');
    }

    /** A cookie by whose name it is promised that it has the path {@code /} and no domain stays as it is. */
    private void cookie(ByteBuffer src, int from, int to, ByteBuffer dst) {
        int at = begins(src, from, to, FOR_THIS_HOST) ? to : Ascii.indexOf(src, ';', from, to);
        Out.copy(src, from, at, dst);
        while (at < to) {
            int end = Ascii.indexOf(src, ';', at + 1, to);
            attribute(src, at, end, dst);
            at = end;
        }
    }

    /** @param from where the semicolon before it is */
    private void attribute(ByteBuffer src, int from, int to, ByteBuffer dst) {
        int name = Ascii.skipBlanks(src, from + 1, to);
        int equals = Ascii.indexOf(src, '=', name, to);
        int nameEnd = Ascii.trimEnd(src, name, equals);
        int value = Ascii.skipBlanks(src, Math.min(to, equals + 1), to);
        int valueEnd = Ascii.trimEnd(src, value, to);
        Out.copy(src, from, value, dst);
        if (Ascii.same(src, name, nameEnd, "path") && value < valueEnd && src.get(value) == '/') {
            cookiePath(src, value, valueEnd, dst);
        } else if (Ascii.same(src, name, nameEnd, "domain")) {
            cookieDomain(src, value, valueEnd, dst);
        } else {
            Out.copy(src, value, valueEnd, dst);
        }
        Out.copy(src, valueEnd, to, dst);
    }

    /** It has no slash at its end: then it would not hold for the very path the client asked for (RFC 6265 section 5.1.4). */
    private void cookiePath(ByteBuffer src, int from, int to, ByteBuffer dst) {
        int rest = behindAsked(src, from, to);
        if (rest < 0 || isOwnAlready(src, from, to, rest)) {
            Out.copy(src, from, to, dst);
            return;
        }
        boolean bare = rest == to || rest + 1 == to;
        dst.put(own, 0, ownLength);
        if (ownLength == 0 && bare) {
            dst.put((byte) '/');
        }
        Out.copy(src, bare ? to : rest, to, dst);
    }

    /** Where the host ends, at the colon of a port if there is one. A colon in brackets is of an address. */
    private static int portStart(ByteBuffer buf, int from, int to) {
        int host = buf.get(from) == '[' ? Ascii.indexOf(buf, ']', from, to) : from;
        return Ascii.indexOf(buf, ':', host, to);
    }

    private void cookieDomain(ByteBuffer src, int from, int to, ByteBuffer dst) {
        RequestHead asked = asked();
        int dot = from < to && src.get(from) == '.' ? from + 1 : from;
        boolean known = !keepsHost() && asked.hostStart() >= 0 && asked.hostStart() < asked.hostEnd();
        if (known) {
            ByteBuffer host = ByteBuffer.wrap(host());
            known = same(src, dot, to, host, 0, portStart(host, 0, host.limit()));
        }
        if (known) {
            Out.copy(src, from, dot, dst);
            int end = portStart(asked.buf(), asked.hostStart(), asked.hostEnd());
            Out.copy(asked.buf(), asked.hostStart(), end, dst);
        } else {
            Out.copy(src, from, to, dst);
        }
    }
}
