// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where the next request begins is known also behind a request that no route is for, or that Waffle answers: nothing of its body is taken for one. */
final class UnroutedBodyIT {

    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: served.test\r\n\r\n";
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: served.test\r\n\r\n";

    private final ScriptedBackend backend = ScriptedBackend.start();
    private final WaffleProcess waffle =
            WaffleProcess.start("-pool", "app=" + backend.url(), "-route", "served.test=app");

    @AfterEach
    void close() {
        waffle.close();
        backend.close();
    }

    @Test
    @DisplayName("behind a 404 the next request is served, and what looks like one in the body is not")
    void nextRequest() {
        backend.on(ScriptedBackend.OK);
        for (String body : List.of(sized(HIDDEN), chunked(HIDDEN), sized(""))) {
            try (RawClient client = RawClient.to(waffle.port())) {
                client.send("POST / HTTP/1.1\r\nHost: other.test\r\n" + body + NEXT);
                assertEquals(404, client.read().status(), body);
                assertEquals(200, client.read().status(), body);
            }
        }
        assertEquals(
                List.of("/next", "/next", "/next"),
                backend.taken().stream().map(taken -> taken.head().target()).toList());
    }

    @Test
    @DisplayName("a body that is not sent before it is asked for is not waited for")
    void continueIsNotAsked() {
        try (RawClient client = RawClient.to(waffle.port())) {
            client.send("POST / HTTP/1.1\r\nHost: other.test\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
            Response refused = client.read();
            assertEquals(404, refused.status());
            assertTrue(refused.head().values("Connection").contains("close"), refused.text());
        }
    }

    private static String sized(String content) {
        return "Content-Length: " + content.length() + "\r\n\r\n" + content;
    }

    private static String chunked(String content) {
        return "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(content.length()) + "\r\n" + content
                + "\r\n0\r\n\r\n";
    }
}
