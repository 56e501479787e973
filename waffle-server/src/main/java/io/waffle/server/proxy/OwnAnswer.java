// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.MaintenanceConfig;
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
 * @param page its content
 * @param fields lines of its head besides those every answer has, each with its CRLF
 * @param location where to, if it leads elsewhere
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record OwnAnswer(int status, Page page, byte[] fields, Optional<Elsewhere> location) {

    /** More than all else that is said takes, but for the place. */
    private static final int HEAD = 1024;

    private static final byte[] NO_FIELDS = {};

    static OwnAnswer of(Respond respond) {
        return new OwnAnswer(
                respond.status(), Page.of(respond.contentType(), respond.body()), NO_FIELDS, Optional.empty());
    }

    /** @param matches of its route */
    static OwnAnswer of(Redirect redirect, List<MatchConfig> matches) {
        return of(redirect, new Elsewhere(redirect, matches, Optional.empty()));
    }

    private static OwnAnswer of(Redirect redirect, Elsewhere to) {
        return new OwnAnswer(redirect.status(), Page.NONE, NO_FIELDS, Optional.of(to));
    }

    /** To the same by https: at the usual port, or at this one, if it was asked by a port. */
    static OwnAnswer toHttps(Optional<Integer> port) {
        Redirect redirect = new Redirect(
                308, Optional.of("https"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return of(redirect, new Elsewhere(redirect, List.of(), port));
    }

    /** One without content. */
    static OwnAnswer empty(int status, byte[] fields) {
        return new OwnAnswer(status, Page.NONE, fields, Optional.empty());
    }

    /** That the route is closed for now. */
    static OwnAnswer closed(MaintenanceConfig config, ErrorPages errors) {
        Page usual = errors.find(503);
        Page page = config.page().map(Page::of).orElse(usual == null ? CLOSED : usual);
        long seconds = (config.retryAfter().toMillis() + 999) / 1000;
        String fields = "Cache-Control: no-store\r\nRetry-After: " + seconds + "\r\n";
        return new OwnAnswer(503, page, fields.getBytes(StandardCharsets.US_ASCII), Optional.empty());
    }

    private static final Page CLOSED = Page.of("text/plain; charset=utf-8", "closed for maintenance\n");

    /** How many bytes its head takes at most, and content that is copied. */
    int room(Exchange x) {
        return HEAD
                + page.contentType().length
                + fields.length
                + Math.min(page.length(), Outlet.COPIED)
                + location.map(to -> to.room(x)).orElse(0);
    }

    /** Appends its head. */
    void writeHead(ByteBuffer to, Exchange x, boolean keepAlive) {
        LocalAnswer.ascii(to, "HTTP/1.1 " + status + " " + LocalAnswer.reason(status) + "\r\n");
        if (page.contentType().length > 0) {
            LocalAnswer.ascii(to, "Content-Type: ");
            to.put(page.contentType());
            LocalAnswer.ascii(to, "\r\n");
        }
        if (mayHaveContent()) {
            LocalAnswer.ascii(to, "Content-Length: " + page.length() + "\r\n");
        }
        if (location.isPresent()) {
            LocalAnswer.ascii(to, "Location: ");
            location.get().write(to, x);
            LocalAnswer.ascii(to, "\r\n");
        }
        to.put(fields);
        LocalAnswer.ascii(to, "Date: ");
        to.put(x.date().bytes());
        LocalAnswer.ascii(to, keepAlive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
    }

    /** What follows its head. */
    Page content() {
        return mayHaveContent() ? page : Page.NONE;
    }

    private boolean mayHaveContent() {
        return status != 204 && status != 304;
    }
}
