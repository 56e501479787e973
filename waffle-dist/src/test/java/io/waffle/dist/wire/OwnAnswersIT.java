// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Waffle answers by itself. */
@On(Setup.DEFAULT)
final class OwnAnswersIT {
    private final Site site;

    OwnAnswersIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("G6 no cache stores an answer of Waffle's own")
    void notStored() {
        for (String request : List.of(
                "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: h\r\nMax-Forwards: 0\r\n\r\n")) {
            assertEquals(List.of("no-store"), site.exchange(request).head().values("Cache-Control"), request);
        }
        site.backend().on(request -> request.connection().close());
        assertEquals(List.of("no-store"), site.get("/").head().values("Cache-Control"));
    }

    @Test
    @DisplayName("G7 the id of a request is named in such an answer, if it is no more than a name")
    void requestId() {
        site.backend().on(request -> request.connection().close());
        Response response = failed("0af7-65:1.9");
        assertEquals("0af7-65:1.9", response.value("X-Request-ID").orElseThrow());
        assertTrue(response.text().contains("0af7-65:1.9"), response.text());
        for (String odd : List.of("a b", "<script>", "x".repeat(129), "", "\u00e9")) {
            assertFalse(failed(odd).head().has("X-Request-ID"), odd);
        }
        site.backend().on(ScriptedBackend.OK);
        site.exchange("GET / HTTP/1.1\r\nHost: h\r\nX-Request-ID: 17\r\n\r\n");
        assertEquals(List.of("17"), site.backend().taken().getLast().head().values("X-Request-ID"));
    }

    private Response failed(String id) {
        Response response =
                site.exchange("POST / HTTP/1.1\r\nHost: h\r\nX-Request-ID: " + id + "\r\nContent-Length: 0\r\n\r\n");
        assertEquals(502, response.status());
        return response;
    }
}
