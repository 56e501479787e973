// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/**
 * The port a client asked for, which is not the one we listen on where ports are published by others: that of the host it named, or else the usual
 * one of its scheme. Whoever makes URLs of {@code X-Forwarded-Host} and {@code X-Forwarded-Port} makes ones that the client can reach.
 */
final class AskedPort {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int DIGITS = 5;

    private AskedPort() {}

    static void write(RequestHead head, ByteBuffer src, ByteBuffer dst, RequestRewrite r) {
        int said = r.trusted() ? head.indexOf(KnownField.X_FORWARDED_HOST) : -1;
        int from = said < 0 ? head.hostStart() : head.valueStart(said);
        int to = said < 0 ? head.hostEnd() : Ascii.indexOf(src, ',', from, head.valueEnd(said));
        to = Ascii.trimEnd(src, from, to);
        int port = portStart(src, from, to);
        if (port < to) {
            Out.copy(src, port, to, dst);
        } else if (from == to && r.listenerPort() > 0) {
            Out.number(dst, r.listenerPort());
        } else {
            Out.number(dst, r.isHttps(head) ? HTTPS : HTTP);
        }
    }

    /** Where the port starts; {@code to} if there is none. */
    private static int portStart(ByteBuffer src, int from, int to) {
        int at = to;
        while (at > from && to - at < DIGITS && Ascii.is(Ascii.DIGIT, src.get(at - 1))) {
            at--;
        }
        return at < to && at > from && src.get(at - 1) == ':' ? at : to;
    }
}
