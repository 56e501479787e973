// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload does to what the admin API did, and to who may do it. */
final class AdminReloadIT {

    private static final String ONE = "http://127.0.0.1:9";
    private static final String OTHER = "http://127.0.0.1:10";

    private final Path config;
    private final Path token;

    AdminReloadIT(@TempDir Path folder) throws IOException {
        config = folder.resolve("waffle.yaml");
        token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN + "\n");
        write(ONE, "");
    }

    @Test
    @DisplayName(
            "a reload that leaves the backends alone leaves what was made of them; one that does not says what goes")
    void keptAndUndone() throws IOException {
        try (WaffleProcess waffle = start()) {
            AdminClient admin = AdminClient.of(waffle);
            assertEquals(
                    200,
                    admin.send("PATCH", "/api/backends/127.0.0.1:9", "{\"state\":\"draining\"}")
                            .status());
            assertEquals(
                    201,
                    admin.send("PUT", "/api/backends/127.0.0.1:11", "{\"url\":\"http://127.0.0.1:11\"}")
                            .status());
            write(ONE, "limits: {queue: 17}\n");
            reload(waffle);
            assertEquals("draining", admin.get("/api/backends/127.0.0.1:9").getString("state"));
            assertEquals(
                    200, admin.send("GET", "/api/backends/127.0.0.1:11", "").status());
            write(ONE + ", " + OTHER, "");
            reload(waffle);
            assertEquals("active", admin.get("/api/backends/127.0.0.1:9").getString("state"));
            waffle.awaitOutput(Pattern.compile(Pattern.quote(
                    "changes of the admin API undone: 127.0.0.1:9 draining -> active; 127.0.0.1:11 removed")));
        }
    }

    @Test
    @DisplayName("a token that was replaced is the one from the next reload on")
    void token() throws IOException {
        try (WaffleProcess waffle = start()) {
            AdminClient admin = AdminClient.of(waffle);
            Files.writeString(token, "another-token-of-enough-length\n");
            reload(waffle);
            assertEquals(
                    401,
                    admin.send("PATCH", "/api/backends/127.0.0.1:9", "{\"weight\":2}")
                            .status());
            String body = "{\"weight\":2}";
            String request = "PATCH /api/backends/127.0.0.1:9 HTTP/1.1\r\n" + admin.host()
                    + "Authorization: Bearer another-token-of-enough-length\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body;
            assertEquals(200, admin.exchange(request).status());
        }
    }

    @Test
    @DisplayName(
            "what takes effect at the next start is told of as long as it is another than what runs, and no longer")
    void restart() throws IOException {
        try (WaffleProcess waffle = start()) {
            String told = "admin.listen has changed, which takes effect at the next start";
            write(ONE, "", "127.0.0.1:1");
            reload(waffle);
            waffle.awaitOutput(Pattern.compile(Pattern.quote(told)));
            write(ONE, "");
            reload(waffle);
            reload(waffle);
            assertEquals(1, waffle.countInOutput(told));
        }
    }

    @Test
    @DisplayName("an address of the admin API that cannot be had ends the start before anything is said or served")
    void nothingIsAnnouncedThatIsNotBound() throws IOException {
        try (WaffleProcess first = start()) {
            write(ONE, "", "127.0.0.1:" + AdminClient.of(first).port());
            try (WaffleProcess second = WaffleProcess.launch(
                    WaffleProcess.launcher(), java.util.Map.of(), List.of("-config", config.toString()))) {
                var ended = second.awaitEnd();
                assertEquals(1, ended.code());
                assertTrue(
                        ended.output().contains("cannot start: admin.listen: cannot listen on 127.0.0.1:"),
                        ended::output);
                assertTrue(ended.output().contains("another process listens there"), ended::output);
                assertFalse(ended.output().contains("listening on"), ended::output);
                assertFalse(ended.output().contains("stopping"), ended::output);
            }
        }
    }

    private WaffleProcess start() {
        WaffleProcess waffle = WaffleProcess.launch(
                WaffleProcess.launcher(), java.util.Map.of(), List.of("-config", config.toString()));
        waffle.awaitListening();
        return waffle;
    }

    private void write(String backends, String more) throws IOException {
        write(backends, more, "127.0.0.1:0");
    }

    private void write(String backends, String more, String admin) throws IOException {
        Files.writeString(
                config,
                "listen: 127.0.0.1:0\nbackends: [" + backends + "]\nadmin: {listen: '" + admin + "', token_file: "
                        + token + "}\n" + more);
    }

    private static void reload(WaffleProcess waffle) {
        int before = waffle.countInOutput("reloaded (SIGHUP)");
        waffle.signal("HUP");
        assertTrue(Eventually.holds(() -> waffle.countInOutput("reloaded (SIGHUP)") > before), waffle::output);
    }
}
