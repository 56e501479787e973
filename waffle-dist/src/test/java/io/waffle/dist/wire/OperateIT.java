// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import io.waffle.dist.WaffleProcess.Ended;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that operate a Waffle that runs, as they are typed. */
final class OperateIT {

    private final Path folder;

    OperateIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("a backend is drained, waited for, weighed and taken back; status tells whether all is well")
    void operates() {
        try (AdminSite running = AdminSite.open(folder)) {
            String id = "127.0.0.1:" + running.site().backend(1).port();
            assertEquals(
                    "ready\nPOOL     STRATEGY     BACKENDS  AVAILABLE  IN FLIGHT\ndefault  round-robin  3         3          0\n",
                    waffle(running, 0, "status"));

            CountDownLatch release = new CountDownLatch(1);
            running.hold(1, release);
            try (RawClient busy = running.busyAt(1)) {
                assertTrue(row(waffle(running, 0, "drain", id), id).matches(".* draining +1 +1"), id);
                assertTrue(
                        row(waffle(running, 1, "drain", id, "-wait", "1s"), id).endsWith(" 1"), id);
                release.countDown();
                assertTrue(
                        row(waffle(running, 0, "drain", id, "-wait", "30s"), id).endsWith(" 0"), id);
                assertEquals("1", busy.read().text());
            }
            assertEquals(
                    "",
                    waffle(running, 0, "backends", "-state", "up", id)
                            .lines()
                            .skip(1)
                            .reduce("", String::concat));
            assertTrue(row(waffle(running, 0, "weight", id, "7"), id).matches(".* draining +7 +0"), id);
            assertTrue(row(waffle(running, 0, "undrain", id), id).matches(".* up +7 +0"), id);
            JsonObject json = json(waffle(running, 0, "backends", id, "-o", "json"));
            assertEquals(7, json.getJsonArray("backends").getJsonObject(0).getInt("weight"));
            assertTrue(waffle(running, 0, "routes").contains("to default: 1"));
        }
    }

    @Test
    @DisplayName("what is in trouble is listed by status, which says so by its exit code, too")
    void degraded() throws IOException {
        try (ServerSocket closed = new ServerSocket(0)) {
            closed.close();
            String down = "127.0.0.1:" + closed.getLocalPort();
            String[] more = {"-backends", "http://" + down, "-health-check-path", "/", "-health-check-interval", "100ms"
            };
            try (AdminSite running = AdminSite.open(folder, more)) {
                assertTrue(Eventually.holds(() -> run(running, "status").code() == 1));
                String status = waffle(running, 1, "status");
                assertTrue(row(status, down).matches(".* default +down .*"), status);
            }
        }
    }

    @Test
    @DisplayName("what the admin API refuses, and a backend that is none or several, is said with what was expected")
    void refused() {
        try (AdminSite running = AdminSite.open(folder)) {
            assertTrue(waffle(running, 1, "backends", "-in-pool", "greens").contains(": 404 pool: greens (expected: "));
            assertTrue(waffle(running, 1, "drain", "nobody").contains("backend: nobody (expected: one of 127.0.0.1:"));
            assertTrue(waffle(running, 1, "drain", "127")
                    .contains("backend: 127 is several (expected: one of 127.0.0.1:"));
        }
    }

    @Test
    @DisplayName("without a Waffle to ask, or leave to change it, the exit code says so")
    void nobody() throws IOException {
        Ended none = WaffleProcess.run("status");
        assertEquals(2, none.code(), none.output());
        assertTrue(
                none.output().contains("status: no admin API is configured (expected: -admin HOST:PORT"),
                none.output());
        try (ServerSocket closed = new ServerSocket(0)) {
            closed.close();
            Ended gone = WaffleProcess.run("status", "-admin", "127.0.0.1:" + closed.getLocalPort());
            assertEquals(3, gone.code(), gone.output());
            assertTrue(
                    gone.output().contains("connection refused (expected: a Waffle that runs there)"), gone.output());
        }
        try (AdminSite running = AdminSite.open(folder)) {
            String id = "127.0.0.1:" + running.site().backend(0).port();
            Ended refused = WaffleProcess.run(
                    "drain", id, "-admin", "127.0.0.1:" + running.admin().port());
            assertEquals(1, refused.code(), refused.output());
            assertTrue(refused.output().contains(": 401 Authorization: "), refused.output());
        }
        Path wrong =
                Files.writeString(folder.resolve("wrong.yaml"), "admin: {listen: 127.0.0.1:1}\nlisten: nonsense\n");
        assertEquals(
                3,
                WaffleProcess.run("status", "-config", wrong.toString()).code(),
                "what is wrong elsewhere does not matter");
    }

    private String waffle(AdminSite running, int code, String... words) {
        Ended ended = run(running, words);
        assertEquals(code, ended.code(), ended.output());
        return ended.output();
    }

    private Ended run(AdminSite running, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "-admin",
                "127.0.0.1:" + running.admin().port(),
                "-admin-token-file",
                folder.resolve("token").toString()));
        return WaffleProcess.run(all.toArray(String[]::new));
    }

    private static String row(String output, String id) {
        return output.lines()
                .filter(line -> line.startsWith(id + " "))
                .findFirst()
                .orElse(output);
    }

    private static JsonObject json(String output) {
        return Json.createReader(new StringReader(output)).readObject();
    }
}
