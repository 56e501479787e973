// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.MatchConfig;
import io.waffle.server.config.RouteAction.Redirect;
import io.waffle.server.http.Ascii;
import io.waffle.server.http.PathRewrite;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Where a client is sent: to what it asked for, but for what an operator has changed of that. Written as an absolute URI (RFC 9110 section 10.2.2),
 * from the bytes of the request, which hold nothing that could end a line.
 */
final class Elsewhere {

    private static final int WORDS = 64;

    private final Redirect to;
    private final PathRewrite rewrite;
    private final Optional<Integer> securePort;

    /** @param securePort in place of a port that was asked by; none is left out */
    Elsewhere(Redirect to, List<MatchConfig> matches, Optional<Integer> securePort) {
        this.to = to;
        this.securePort = securePort;
        this.rewrite = PathRewrite.of(to.prefix(), to.path(), segments(matches));
    }

    /** Of the prefix in the conditions of the route; all of them have as many. */
    static int segments(List<MatchConfig> matches) {
        return matches.stream()
                .flatMap(match -> match.path().stream())
                .mapToInt(path -> PathRewrite.segments(path.text()))
                .findFirst()
                .orElse(0);
    }

    int room(Exchange x) {
        int host = to.host().map(String::length).orElse(x.request.hostEnd() - x.request.hostStart());
        return WORDS + host + rewrite.bound() + 3 * (x.request.pathEnd() - x.request.pathStart());
    }

    void write(ByteBuffer out, Exchange x) {
        boolean https = to.scheme().map("https"::equals).orElseGet(x::isHttps);
        LocalAnswer.ascii(out, https ? "https://" : "http://");
        host(out, x);
        if (to.port().isPresent()) {
            port(out, to.port().get(), https);
        } else if (securePort.isPresent() && hasPort(x)) {
            port(out, securePort.get(), https);
        } else if (to.scheme().isEmpty() && to.host().isEmpty()) {
            port(out, x);
        }
        rewrite.write(x.request, x.client.head(), out);
    }

    private void host(ByteBuffer out, Exchange x) {
        if (to.host().isPresent()) {
            LocalAnswer.ascii(out, to.host().get());
        } else if (x.request.hostStart() >= 0 && x.request.hostEnd() > x.request.hostStart()) {
            copy(out, x, x.request.hostStart(), portStart(x));
        } else {
            LocalAnswer.ascii(out, "localhost"); // HTTP/1.0 need not say whom it asks
        }
    }

    private static void port(ByteBuffer out, int port, boolean https) {
        if (port != (https ? 443 : 80)) {
            LocalAnswer.ascii(out, ":" + port);
        }
    }

    private static boolean hasPort(Exchange x) {
        return x.request.hostStart() >= 0 && portStart(x) + 1 < x.request.hostEnd();
    }

    private static void port(ByteBuffer out, Exchange x) {
        if (x.request.hostStart() >= 0) {
            copy(out, x, portStart(x), x.request.hostEnd());
        }
    }

    /** Where the colon before the port is; the end if there is none. A colon in brackets is of an address. */
    private static int portStart(Exchange x) {
        ByteBuffer head = x.client.head();
        int from = x.request.hostStart();
        int end = x.request.hostEnd();
        int host = head.get(from) == '[' ? Ascii.indexOf(head, ']', from, end) : from;
        return Ascii.indexOf(head, ':', host, end);
    }

    private static void copy(ByteBuffer out, Exchange x, int from, int to) {
        out.put(x.client.head().slice(from, to - from));
    }
}
