// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who keeps a sticky cookie of the name {@code w}. */
final class Browser {

    /** The field that sets it, with every attribute by default. */
    static final Pattern SET = Pattern.compile("w=([A-Za-z0-9_-]{22}); Path=/; HttpOnly; SameSite=Lax");

    private String source;
    private String value = "";
    private int cookies;

    Browser() {
        this("127.0.0.1");
    }

    Browser(String source) {
        this.source = source;
    }

    /** From now on it comes from there. */
    void move(String source) {
        this.source = source;
    }

    /** That of its cookie; empty as long as it has none. */
    String value() {
        return value;
    }

    /** How many it was given. */
    int cookies() {
        return cookies;
    }

    /** Its next request. */
    String request() {
        return request(value.isEmpty() ? "" : "w=" + value);
    }

    /** A request with this cookie, or none. */
    static String request(String cookie) {
        return "GET / HTTP/1.1\r\nHost: h\r\n" + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n";
    }

    /** Sends one on a connection of its own. */
    static Response get(int port, String cookie) {
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(request(cookie));
        }
    }

    /** Visits as somebody new; returns the value of the cookie. */
    String meet(int port) {
        value = "";
        cookies = 0;
        visit(port);
        return value;
    }

    /** Returns who served. */
    String visit(int port) {
        try (RawClient client = RawClient.from(source, port)) {
            return take(client.exchange(request()));
        }
    }

    /** Keeps what cookie comes with the response; returns who served. */
    String take(Response response) {
        assertEquals(200, response.status());
        if (response.head().has("Set-Cookie")) {
            value = value(response);
            cookies++;
        }
        return response.text();
    }

    /** That of the cookie which is set. */
    static String value(Response response) {
        String field = response.value("Set-Cookie").orElseThrow();
        Matcher match = SET.matcher(field);
        assertTrue(match.matches(), field);
        return match.group(1);
    }
}
