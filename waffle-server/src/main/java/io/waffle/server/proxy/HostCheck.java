// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.RequestHead;
import io.waffle.server.tls.ClientPolicies;
import io.waffle.server.tls.ClientPolicy;
import io.waffle.server.tls.TlsChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * For which hosts a connection may carry requests: those whose clients are asked for the same certificates as this one was, by the name it asked for. Other
 * requests are misdirected (RFC 9110 section 15.5.20): nobody gets by the host of a request where a handshake would not have let it.
 *
 * <p>Held against what is in force when the request comes, which a reload may have changed. Of the host that was found in order last a copy is kept, so that
 * the requests of a connection, which are nearly all for one host, take a comparison of it.
 *
 * <p>Threading: as its connection.
 */
final class HostCheck {

    private static final byte[] NONE = {};

    private final ClientPolicy agreed;
    private final @Nullable String name;
    private byte[] host = NONE;
    private @Nullable ClientPolicies by;

    HostCheck(TlsChannel agreed) {
        this.agreed = agreed.clientPolicy();
        this.name = agreed.askedName();
    }

    /** The name the client asked for, if that decided what it was asked for; null for none. */
    @Nullable
    String name() {
        return name;
    }

    /**
     * Refuses a request that may not come by this connection.
     *
     * @param of null for a connection whose client was asked for nothing, since nobody was
     * @return whether the connection may carry another one: not if what its client has shown would be looked at with other eyes today
     */
    static boolean admits(@Nullable HostCheck of, RequestHead request, ByteBuffer head, ClientPolicies now)
            throws ExchangeException {
        ClientPolicy wanted = now.single();
        if (wanted == null) {
            if (of != null && of.remembers(request, head, now)) {
                return true;
            }
            wanted = now.of(host(request));
        }
        ClientPolicy agreed = of == null ? ClientPolicy.NOTHING : of.agreed;
        if (!wanted.asksAs(agreed)) {
            throw ExchangeException.of(Fault.MISDIRECTED);
        }
        boolean current = wanted.equals(agreed);
        if (current && of != null) {
            of.remember(request, now);
        }
        return current;
    }

    @SuppressWarnings("ReferenceEquality") // another object is what a reload brings
    private boolean remembers(RequestHead request, ByteBuffer head, ClientPolicies now) {
        int from = request.hostStart();
        if (by != now || from < 0 || request.hostEnd() - from != host.length) {
            return false;
        }
        for (int i = 0; i < host.length; i++) {
            if (head.get(from + i) != host[i]) {
                return false;
            }
        }
        return true;
    }

    private void remember(RequestHead request, ClientPolicies now) {
        by = now;
        host = bytes(request);
    }

    private static String host(RequestHead request) {
        return new String(bytes(request), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(RequestHead request) {
        if (request.hostStart() < 0) {
            return NONE;
        }
        byte[] bytes = new byte[request.hostEnd() - request.hostStart()];
        request.copy(request.hostStart(), request.hostEnd(), bytes, 0);
        return bytes;
    }
}
