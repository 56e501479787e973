// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.MatchConfig;
import io.waffle.server.config.RouteAction.Redirect;
import io.waffle.server.config.RouteAction.Respond;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * An answer an operator has written: always the same, or to another place. Immutable.
 *
 * @param location where to, if it leads elsewhere
 */
record OwnAnswer(int status, byte[] contentType, byte[] body, Optional<Elsewhere> location) {

    /** More than all else that is said takes, but for the place. */
    private static final int HEAD = 1024;

    static OwnAnswer of(Respond respond) {
        return new OwnAnswer(
                respond.status(),
                respond.contentType().getBytes(StandardCharsets.US_ASCII),
                respond.body().getBytes(StandardCharsets.UTF_8),
                Optional.empty());
    }

    /** @param matches of its route */
    static OwnAnswer of(Redirect redirect, List<MatchConfig> matches) {
        return new OwnAnswer(
                redirect.status(),
                new byte[0],
                new byte[0],
                Optional.of(new Elsewhere(redirect, matches, Optional.empty())));
    }

    /** To the same by https: at the usual port, or at this one, if it was asked by a port. */
    static OwnAnswer toHttps(Optional<Integer> port) {
        Redirect redirect = new Redirect(
                308, Optional.of("https"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return new OwnAnswer(
                redirect.status(), new byte[0], new byte[0], Optional.of(new Elsewhere(redirect, List.of(), port)));
    }

    /** How many bytes it takes at most. */
    int room(Exchange x) {
        return HEAD
                + contentType.length
                + body.length
                + location.map(to -> to.room(x)).orElse(0);
    }

    /**
     * Appends it.
     *
     * @return how many bytes of it are body
     */
    int write(ByteBuffer to, Exchange x, boolean keepAlive) {
        ascii(to, "HTTP/1.1 " + status + " " + LocalAnswer.reason(status) + "\r\n");
        if (contentType.length > 0) {
            ascii(to, "Content-Type: ");
            to.put(contentType);
            ascii(to, "\r\n");
        }
        if (status != 204 && status != 304) {
            ascii(to, "Content-Length: " + body.length + "\r\n");
        }
        if (location.isPresent()) {
            ascii(to, "Location: ");
            location.get().write(to, x);
            ascii(to, "\r\n");
        }
        ascii(to, "Date: ");
        to.put(x.date().bytes());
        ascii(to, keepAlive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
        if (x.request.isHead() || status == 204 || status == 304) {
            return 0;
        }
        to.put(body);
        return body.length;
    }

    private static void ascii(ByteBuffer to, String text) {
        to.put(text.getBytes(StandardCharsets.US_ASCII));
    }
}
