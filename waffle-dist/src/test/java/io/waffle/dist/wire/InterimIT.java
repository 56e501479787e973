// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Interim responses. */
@On(Setup.DEFAULT)
final class InterimIT {
    private static final String EARLY = "HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n";
    private static final String FINAL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Site site;

    InterimIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("G1 a 103 with its fields comes before the 200, which does not have them")
    void earlyHints() {
        site.backend().answer(EARLY + FINAL);
        Response response = site.get("/");
        assertEquals(103, response.interim().getFirst().status());
        assertEquals(
                Optional.of("</s.css>; rel=preload"),
                response.interim().getFirst().value("Link"));
        assertEquals(Optional.empty(), response.value("Link"));
        assertEquals("ok", response.text());
    }

    @Test
    @DisplayName("G2 several interim responses come in order, and the next request is not disturbed")
    void several() {
        site.backend().answer(EARLY + EARLY + "HTTP/1.1 102 Processing\r\n\r\n" + FINAL);
        try (RawClient client = site.client()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.exchangeGet("/");
                assertEquals(
                        List.of(103, 103, 102),
                        response.interim().stream().map(Head::status).toList());
                assertEquals(200, response.status());
            }
        }
    }

    @Test
    @DisplayName("G3 an interim response and then a close: 502")
    void onlyInterim() {
        site.backend().answerAndClose(EARLY);
        assertEquals(502, site.get("/").status());
    }

    @Test
    @DisplayName("G4 a client of HTTP/1.0 gets no interim response")
    void oldClient() {
        site.backend().answer(EARLY + FINAL);
        Response response = site.exchange("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
        assertTrue(response.interim().isEmpty());
        assertEquals("ok", response.text());
    }

    @Test
    @DisplayName("G5 what looks like an interim response behind the final one is surplus, and goes to nobody")
    void late() {
        site.backend().answer(FINAL + EARLY);
        try (RawClient client = site.client()) {
            assertEquals("ok", client.exchangeGet("/1").text());
            site.backend().on(ScriptedBackend.OK);
            Response second = client.exchangeGet("/2");
            assertTrue(second.interim().isEmpty());
            assertEquals(200, second.status());
        }
    }
}
