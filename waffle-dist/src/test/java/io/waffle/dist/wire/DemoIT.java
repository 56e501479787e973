// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code -demo}: the first thing anybody sees of Waffle. */
final class DemoIT {

    @Test
    @DisplayName("-demo says what to try, all of which works, and ends with 0 on SIGTERM")
    void endToEnd() {
        try (WaffleProcess waffle = WaffleProcess.start("-demo")) {
            waffle.awaitOutput(Pattern.compile("Ctrl-C stops it"));
            for (String path : List.of("/ ", "/slow ", "/events ", "/shop ")) {
                assertTrue(waffle.output().contains(" http://127.0.0.1:" + waffle.port() + path), waffle::output);
            }
            try (RawClient client = RawClient.to(waffle.port())) {
                takesTurns(client);
                othersAreServedMeanwhile(client, waffle.port());
                canary(waffle.port());
                sendsEvents(client);
            }
            WaffleProcess.Ended ended = waffle.signal("TERM").awaitEnd();
            assertEquals(0, ended.code(), ended.output());
            assertFalse(
                    Pattern.compile("Exception|ERROR").matcher(ended.output()).find(), ended.output());
        }
    }

    private static void takesTurns(RawClient client) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(client.exchangeGet("/").text());
        }
        assertEquals(
                List.of("hello from anise\n", "hello from basil\n", "hello from clove\n"),
                answers.subList(0, 3).stream().sorted().toList());
        assertEquals(answers.subList(0, 3), answers.subList(3, 6));
    }

    private static void canary(int port) {
        try (RawClient client = RawClient.to(port)) {
            int next = 0;
            for (int i = 0; i < 50; i++) {
                next += client.exchangeGet("/shop").text().equals("hello from dill\n") ? 1 : 0;
            }
            assertEquals(10.0, next, 1.0); // of a turn through any beginning, a fifth
            String tester = "GET /shop HTTP/1.1\r\nHost: waffle.test\r\nX-Tester: me\r\n\r\n";
            assertEquals("hello from dill\n", client.exchange(tester).text());
        }
    }

    private static void othersAreServedMeanwhile(RawClient client, int port) {
        client.send("GET /slow HTTP/1.1\r\nHost: waffle.test\r\n\r\n");
        try (RawClient other = RawClient.to(port)) {
            assertEquals(200, other.exchangeGet("/").status());
        }
        assertTrue(client.read().text().matches("hello from \\w+, after a while\\n"));
    }

    /** The first events; the client leaves before the last. */
    private static void sendsEvents(RawClient client) {
        client.send("GET /events HTTP/1.1\r\nHost: waffle.test\r\n\r\n");
        assertEquals(
                "text/event-stream", client.readHead().value("Content-Type").orElseThrow());
        StringBuilder body = new StringBuilder();
        while (body.indexOf("data: event 2 of 10 from ") < 0) {
            body.append(client.readText(1));
        }
        assertTrue(body.indexOf("data: event 1 of 10 from ") >= 0, body::toString);
    }
}
