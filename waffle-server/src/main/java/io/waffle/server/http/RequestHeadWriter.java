// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * Writes the head of a request as the backend is to see it: in origin-form and HTTP/1.1, without what ends at this hop, framed anew, and with
 * the record of where it came from. Field lines that stay are copied byte for byte, whole runs of them at once. Stateless.
 */
public final class RequestHeadWriter {

    private static final byte[] VERSION = Out.ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = Out.ascii("Host: ");
    private static final byte[] CONTENT_LENGTH = Out.ascii("Content-Length: ");
    private static final byte[] CHUNKED = Out.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] TE = Out.ascii("TE: trailers\r\n");
    private static final byte[] CONNECTION_TE = Out.ascii("Connection: TE\r\n");
    private static final byte[] CONNECTION_UPGRADE = Out.ascii("Connection: upgrade\r\n");
    private static final byte[] CONNECTION_BOTH = Out.ascii("Connection: upgrade, TE\r\n");
    private static final byte[] UPGRADE = Out.ascii("Upgrade: ");
    private static final byte[] COMMA = Out.ascii(", ");
    private static final byte[] MAX_FORWARDS = Out.ascii("Max-Forwards: ");
    private static final byte[] VIA = Out.ascii("Via: ");
    private static final byte[] FORWARDED_FOR = Out.ascii("X-Forwarded-For: ");
    private static final byte[] PROTO_HTTP = Out.ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] PROTO_HTTPS = Out.ascii("X-Forwarded-Proto: https\r\n");
    private static final byte[] FORWARDED_HOST = Out.ascii("X-Forwarded-Host: ");
    private static final byte[] FORWARDED_PORT = Out.ascii("X-Forwarded-Port: ");
    private static final byte[] UNKNOWN = Out.ascii("unknown");
    private static final byte[] FORWARDED = Out.ascii("Forwarded: ");
    private static final byte[] FOR = Out.ascii("for=");
    private static final byte[] FOR_V6 = Out.ascii("for=\"[");
    private static final byte[] V6_END = Out.ascii("]\"");
    private static final byte[] HOST_IS = Out.ascii(";host=\"");
    private static final byte[] PROTO_IS_HTTP = Out.ascii(";proto=http\r\n");
    private static final byte[] PROTO_IS_HTTPS = Out.ascii(";proto=https\r\n");

    /** More than all the names and numbers above take together. */
    private static final int OWN_WORDS = 512;

    private static final String CLIENT_CERT = "client-cert";

    /** How many bytes {@link #write} needs at most. */
    public int bound(RequestHead head, RequestRewrite r) {
        byte[] certificate = r.certificate();
        // The host may come again in X-Forwarded-Host and Forwarded; folding makes a value no longer than its lines
        // were.
        return head.length()
                + 2 * head.rawTargetBytes()
                + 2 * (head.hostEnd() - head.hostStart())
                + OWN_WORDS
                + r.prefixLength()
                + r.backendAuthority().length
                + r.host().length
                + r.path().bound()
                + 2 * r.clientAddress().length
                + r.edits().length()
                + (certificate == null ? 0 : certificate.length);
    }

    /**
     * Appends the head.
     *
     * @param src the buffer the head was parsed in
     * @return how many bytes were appended
     * @throws BufferOverflowException before anything is written, if fewer than {@link #bound} bytes remain
     */
    public int write(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        if (dst.remaining() < bound(head, r)) {
            throw new BufferOverflowException();
        }
        int start = dst.position();
        requestLine(head, src, dst, r);
        host(head, src, dst, r);
        fields(head, src, dst, r);
        framing(head, dst);
        connection(head, src, dst);
        maxForwards(head, dst);
        origin(head, src, dst, r);
        Out.crlf(dst);
        return dst.position() - start;
    }

    private static void requestLine(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        Out.copy(src, head.methodStart(), head.methodEnd() + 1, dst);
        if (head.isForWholeServer()) {
            dst.put((byte) '*');
        } else {
            dst.put(r.prefix(), 0, r.prefixLength());
            r.path().write(head, src, dst);
        }
        dst.put(VERSION);
    }

    /** Writes {@code Host} unless the field as received will do; it is then copied in its place. */
    private static void host(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        if (keepsHostField(head, r)) {
            return;
        }
        dst.put(HOST);
        if (r.host().length > 0) {
            dst.put(r.host());
        } else if (r.preserveHost() && head.hostStart() >= 0) {
            Out.copy(src, head.hostStart(), head.hostEnd(), dst);
        } else {
            dst.put(r.backendAuthority());
        }
        Out.crlf(dst);
    }

    private static boolean keepsHostField(RequestHead head, RequestRewrite r) {
        return r.host().length == 0
                && r.preserveHost()
                && head.targetForm() != RequestHead.TargetForm.ABSOLUTE
                && head.has(KnownField.HOST);
    }

    private static void fields(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        int i = 0;
        int count = head.fieldCount();
        while (i < count) {
            int first = i;
            while (i < count && keeps(head, i, r)) {
                i++;
            }
            if (i > first) {
                Out.copy(src, head.nameStart(first), head.lineEnd(i - 1), dst);
            } else {
                i++;
            }
        }
    }

    private static boolean keeps(RequestHead head, int i, RequestRewrite r) {
        if (r.edits().omits(head, i)) {
            return false;
        }
        int known = head.known(i);
        if (known == KnownField.OTHER) {
            return !head.isDropped(i);
        }
        return switch (known) {
            case KnownField.HOST -> keepsHostField(head, r);
            case KnownField.CONTENT_LENGTH, KnownField.X_FORWARDED_FOR, KnownField.VIA, KnownField.ALIAS -> false;
            case KnownField.UNDERSCORED -> r.passesUnderscores() && !head.isDropped(i);
            case KnownField.FORWARDED -> r.trusted() && !r.writesForwarded();
            case KnownField.X_FORWARDED_PROTO,
                    KnownField.X_FORWARDED_HOST,
                    KnownField.X_FORWARDED_PORT,
                    KnownField.X_FORWARDED_OTHER -> r.trusted();
            case KnownField.CLIENT_CLAIM -> r.trusted() && !(r.certificate() != null && isCertificate(head, i));
            case KnownField.MAX_FORWARDS -> head.maxForwards() < 0;
            case KnownField.EXPECT -> head.minorVersion() > 0;
            default -> !FieldTable.isHopByHop(known) && !head.isDropped(i);
        };
    }

    /** Whether it is one of the fields that are written here, or begins as they do. */
    private static boolean isCertificate(RequestHead head, int i) {
        int start = head.nameStart(i);
        return head.nameEnd(i) - start >= CLIENT_CERT.length()
                && Ascii.same(head.buf(), start, start + CLIENT_CERT.length(), CLIENT_CERT);
    }

    private static void framing(RequestHead head, ByteBuffer dst) {
        switch (head.framing()) {
            case LENGTH -> {
                dst.put(CONTENT_LENGTH);
                Out.number(dst, head.contentLength());
                Out.crlf(dst);
            }
            case CHUNKED -> dst.put(CHUNKED);
            default -> {}
        }
    }

    /** {@code TE} goes with its name in {@code Connection} (RFC 9110 section 10.1.4). */
    private static void connection(RequestHead head, ByteBuffer src, ByteBuffer dst) {
        boolean te = head.takesTrailers();
        if (te) {
            dst.put(TE);
        }
        if (head.upgrade()) {
            dst.put(te ? CONNECTION_BOTH : CONNECTION_UPGRADE);
            upgrade(head, src, dst);
        } else if (te) {
            dst.put(CONNECTION_TE);
        }
    }

    private static void upgrade(RequestHead head, ByteBuffer src, ByteBuffer dst) {
        dst.put(UPGRADE);
        int start = dst.position();
        for (int i = 0; i < head.fieldCount(); i++) {
            if (head.known(i) == KnownField.UPGRADE) {
                protocols(head, i, src, dst);
            }
        }
        if (dst.position() > start) {
            dst.position(dst.position() - COMMA.length);
        }
        Out.crlf(dst);
    }

    private static void protocols(RequestHead head, int i, ByteBuffer src, ByteBuffer dst) {
        int from = head.valueStart(i);
        int to = head.valueEnd(i);
        while (from < to) {
            int comma = Ascii.indexOf(src, ',', from, to);
            int begin = Ascii.skipBlanks(src, from, comma);
            int end = Ascii.trimEnd(src, begin, comma);
            if (begin < end && !Ascii.same(src, begin, end, "h2c")) {
                Out.copy(src, begin, end, dst);
                dst.put(COMMA);
            }
            from = comma + 1;
        }
    }

    /** At 0 the request should have been answered here; it is not made negative. */
    private static void maxForwards(RequestHead head, ByteBuffer dst) {
        if (head.maxForwards() >= 0) {
            dst.put(MAX_FORWARDS);
            Out.number(dst, Math.max(0, head.maxForwards() - 1));
            Out.crlf(dst);
        }
    }

    private static void origin(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        if (!r.edits().omits(KnownField.X_FORWARDED_FOR)) {
            forwardedFor(head, src, dst, r);
        }
        if (adds(head, KnownField.X_FORWARDED_PROTO, r)) {
            dst.put(r.secure() ? PROTO_HTTPS : PROTO_HTTP);
        }
        if (adds(head, KnownField.X_FORWARDED_HOST, r) && head.hostEnd() > head.hostStart()) {
            dst.put(FORWARDED_HOST);
            Out.copy(src, head.hostStart(), head.hostEnd(), dst);
            Out.crlf(dst);
        }
        if (adds(head, KnownField.X_FORWARDED_PORT, r)) {
            dst.put(FORWARDED_PORT);
            AskedPort.write(head, src, dst, r);
            Out.crlf(dst);
        }
        if (r.writesForwarded() && !r.edits().omits(KnownField.FORWARDED)) {
            forwarded(head, src, dst, r);
        }
        if (!r.edits().omits(KnownField.VIA)) {
            via(head, src, dst);
        }
        byte[] certificate = r.certificate();
        if (certificate != null) {
            dst.put(certificate);
        }
        r.edits().writeTo(dst);
    }

    /** What a trusted peer without an address said of the client is passed on as it is, and there is nothing to say of another. */
    private static void forwardedFor(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        int begin = dst.position();
        dst.put(FORWARDED_FOR);
        if (r.trusted()) {
            Out.fold(head, KnownField.X_FORWARDED_FOR, src, dst);
        }
        if (r.clientAddress().length > 0) {
            dst.put(r.clientAddress());
        } else if (dst.position() == begin + FORWARDED_FOR.length) {
            dst.position(begin);
            return;
        } else {
            dst.position(dst.position() - COMMA.length);
        }
        Out.crlf(dst);
    }

    private static boolean adds(RequestHead head, int known, RequestRewrite r) {
        return !(r.trusted() && head.has(known)) && !r.edits().omits(known);
    }

    /** An address of IPv6 and a host are quoted, as they may hold a colon; neither can hold what a quoted string may not (RFC 7239 section 4). */
    private static void forwarded(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        dst.put(FORWARDED);
        if (r.trusted()) {
            Out.fold(head, KnownField.FORWARDED, src, dst);
        }
        byte[] client = r.clientAddress();
        if (isV6(client)) {
            dst.put(FOR_V6).put(client).put(V6_END);
        } else {
            dst.put(FOR).put(client.length == 0 ? UNKNOWN : client); // RFC 7239 section 6.2
        }
        if (head.hostEnd() > head.hostStart()) {
            dst.put(HOST_IS);
            Out.copy(src, head.hostStart(), head.hostEnd(), dst);
            dst.put((byte) '"');
        }
        dst.put(r.secure() ? PROTO_IS_HTTPS : PROTO_IS_HTTP);
    }

    private static boolean isV6(byte[] address) {
        for (byte b : address) {
            if (b == ':') {
                return true;
            }
        }
        return false;
    }

    /** The version is the one the request came in (RFC 9110 section 7.6.3). */
    private static void via(RequestHead head, ByteBuffer src, ByteBuffer dst) {
        dst.put(VIA);
        Out.fold(head, KnownField.VIA, src, dst);
        dst.put((byte) '1').put((byte) '.').put((byte) (head.minorVersion() == 0 ? '0' : '1'));
        dst.put(Via.LINE_END);
    }
}
