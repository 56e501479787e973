// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What active checks ask, and what they make of the answer. */
final class HealthOptionsIT {

    private static final String SOON = "20ms";

    /** What the backend answers when it is checked. */
    private final AtomicReference<String> answer = new AtomicReference<>("200 OK\r\nContent-Length: 0\r\n\r\n");

    private final ScriptedBackend backend =
            ScriptedBackend.start().on(request -> request.connection().write("HTTP/1.1 " + answer.get()));

    @Test
    @DisplayName("method, Host and statuses of a check are those that were set")
    void request() {
        answer.set("204 No Content\r\n\r\n");
        try (backend;
                var waffle = checked(
                        "-health-check-path",
                        "/well",
                        "-health-check-method",
                        "HEAD",
                        "-health-check-host",
                        "app.example.org",
                        "-health-check-statuses",
                        "204")) {
            Head head = backend.next().head();
            assertEquals("HEAD /well HTTP/1.1", head.raw().lines().findFirst().orElseThrow());
            assertEquals("app.example.org", head.value("Host").orElseThrow());
            answer.set("200 OK\r\n\r\n");
            waffle.awaitOutput(Pattern.compile("is down: HEAD /well failed 3 times in a row, last with: status 200"));
            answer.set("204 No Content\r\n\r\n");
            waffle.awaitOutput(Pattern.compile("is up again: HEAD /well succeeded 2 times in a row"));
        }
    }

    @Test
    @DisplayName("a body that has to say something; rise and fall as they were set")
    void body() {
        answer.set("200 OK\r\nContent-Length: 11\r\n\r\nall is well");
        try (backend;
                var waffle = checked(
                        "-health-check-path",
                        "/",
                        "-health-check-body",
                        "well",
                        "-health-check-rise",
                        "1",
                        "-health-check-fall",
                        "4")) {
            for (int i = 0; i < 5; i++) {
                backend.next();
            }
            assertEquals(200, status(waffle));
            answer.set("200 OK\r\nContent-Length: 8\r\n\r\nall is i");
            waffle.awaitOutput(
                    Pattern.compile("is down: GET / failed 4 times in a row, last with: a body without 'well'"));
            assertEquals(503, status(waffle));
            answer.set("200 OK\r\nContent-Length: 11\r\n\r\nall is well");
            waffle.awaitOutput(Pattern.compile("is up again: GET / succeeded 1 times in a row"));
        }
    }

    @Test
    @DisplayName("a body that does not come in time is no answer")
    void slowBody() {
        answer.set("200 OK\r\nContent-Length: 11\r\n\r\nall");
        try (backend;
                var waffle = checked(
                        "-health-check-path", "/", "-health-check-body", "well", "-health-check-timeout", "100ms")) {
            waffle.awaitOutput(Pattern.compile("is down: GET / failed.*no answer within 100 ms"));
        }
    }

    @Test
    @DisplayName("a check that only connects, and sends nothing")
    void tcp() {
        try (var waffle = checked("-health-check-kind", "tcp")) {
            int before = backend.connections();
            if (!Eventually.holds(() -> backend.connections() > before + 5)) {
                throw new AssertionError("no checks");
            }
            assertEquals(0, backend.taken().size());
            backend.close();
            waffle.awaitOutput(Pattern.compile("is down: connecting to port " + backend.port() + " failed 3 times"));
        }
    }

    @Test
    @DisplayName("a backend that is checked at another port, by another path")
    void elsewhere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("waffle.yaml");
        try (backend;
                ScriptedBackend serving = ScriptedBackend.start()) {
            Files.writeString(file, """
                    backends:
                      - url: %s/prefix
                        health_port: %d
                        health_path: /alive
                    health_checking: {path: /well, interval: %s}
                    """.formatted(serving.url(), backend.port(), SOON));
            try (var waffle = WaffleProcess.start(Map.of(), "-config", file.toString())) {
                assertEquals("/alive", backend.next().head().target());
                assertEquals(200, status(waffle));
                assertEquals("/prefix/", serving.next().head().target());
                answer.set("500 Ill\r\nContent-Length: 0\r\n\r\n");
                waffle.awaitOutput(Pattern.compile("is down: GET /alive failed"));
                assertEquals(0, serving.taken().size());
            }
        }
    }

    private WaffleProcess checked(String... flags) {
        String[] all = new String[flags.length + 4];
        all[0] = "-backends";
        all[1] = backend.url();
        all[2] = "-health-check-interval";
        all[3] = SOON;
        System.arraycopy(flags, 0, all, 4, flags.length);
        return WaffleProcess.start(all);
    }

    private static int status(WaffleProcess waffle) {
        try (RawClient client = RawClient.to(waffle.port())) {
            return client.exchangeGet("/").status();
        }
    }
}
