// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import io.waffle.api.ClientAddress;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client behind trusted proxies. {@code X-Forwarded-For} is walked from its right end, where the nearest proxy wrote, for as long as
 * who wrote is trusted: the first address that is not trusted is the client, and if all are, the left-most is. What is no address ends the
 * walk, and the peer itself is taken for the client: half a chain that somebody garbled proves nothing. Nothing is asked of DNS. Not
 * thread-safe.
 */
public final class ForwardedFor {

    private static final int NO_MORE = -1;

    private final IpLiteral literal = new IpLiteral();

    /** The client's address for a request that came from this peer; the peer itself unless it is trusted. */
    public ClientAddress client(RequestHead head, ClientAddress peer, Predicate<ClientAddress> trusted) {
        if (!head.has(KnownField.X_FORWARDED_FOR) || !trusted.test(peer)) {
            return peer;
        }
        ClientAddress client = peer;
        for (int i = head.fieldCount() - 1; i >= 0; i--) {
            if (head.known(i) != KnownField.X_FORWARDED_FOR) {
                continue;
            }
            int end = head.valueEnd(i);
            while (end != NO_MORE) {
                int begin = elementStart(head.buf(), head.valueStart(i), end);
                if (!isEmpty(head.buf(), begin, end)) {
                    ClientAddress address = address(head.buf(), begin, end);
                    if (address == null) {
                        return peer;
                    }
                    if (!trusted.test(address)) {
                        return address;
                    }
                    client = address;
                }
                end = begin > head.valueStart(i) ? begin - 1 : NO_MORE;
            }
        }
        return client;
    }

    private static int elementStart(ByteBuffer buf, int from, int end) {
        int at = end;
        while (at > from && buf.get(at - 1) != ',') {
            at--;
        }
        return at;
    }

    private static boolean isEmpty(ByteBuffer buf, int from, int to) {
        return Ascii.skipBlanks(buf, from, to) == to;
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]} or {@code [2001:db8::1]:80}. */
    private @Nullable ClientAddress address(ByteBuffer buf, int start, int end) {
        int from = Ascii.skipBlanks(buf, start, end);
        int to = Ascii.trimEnd(buf, from, end);
        boolean valid;
        if (buf.get(from) == '[') {
            int close = Ascii.indexOf(buf, ']', from, to);
            valid = close < to && isPort(buf, close + 1, to) && literal.readV6(buf, from + 1, close);
        } else {
            int colon = Ascii.indexOf(buf, ':', from, to);
            valid = Ascii.indexOf(buf, '.', from, colon) < colon
                    ? isPort(buf, colon, to) && literal.readV4(buf, from, colon)
                    : literal.readV6(buf, from, to);
        }
        boolean none = literal.high() == 0 && literal.low() == 0; // :: is nobody's, and stands for who has none
        return valid && !none ? new ClientAddress(literal.high(), literal.low()) : null;
    }

    private static boolean isPort(ByteBuffer buf, int from, int to) {
        return from == to
                || (buf.get(from) == ':' && to - from <= 6 && Ascii.skip(Ascii.DIGIT, buf, from + 1, to) == to);
    }
}
