// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin API tells of backends and of the process, and why a backend would be chosen. */
final class AdminStateIT {

    private final Path folder;

    @AutoClose
    private final AdminSite running;

    private final Site site;
    private final AdminClient admin;

    AdminStateIT(@TempDir Path folder) {
        this.folder = folder;
        running = AdminSite.open(folder);
        site = running.site();
        admin = running.admin();
    }

    @Test
    @MostlyWaits
    @DisplayName("a backend is told of by its id, and so are its weight, its state, and what it has in flight")
    void oneBackend() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        running.hold(0, release);
        try (RawClient client = running.busyAt(0)) {
            JsonObject told = admin.get(AdminClient.path(site.backend(0)).replace(":", "%3A"));
            assertEquals("127.0.0.1:" + site.backend(0).port(), told.getString("id"));
            assertEquals(1, told.getInt("weight"));
            assertEquals("active", told.getString("state"));
            assertEquals(1, told.getJsonObject("status").getInt("in_flight"));
            assertEquals("up", told.getJsonObject("status").getString("health"));
            release.countDown();
            assertEquals(200, client.read().status());
        }
        assertTrue(Eventually.holds(() -> running.inFlight() == 0));
    }

    @ParameterizedTest
    @MostlyWaits
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName("a hundred explanations move nothing, and tell where the next request goes")
    void explain(String strategy) throws Exception {
        List<RawClient> busy = new ArrayList<>();
        try (AdminSite ours = AdminSite.open(folder, "-lb-strategy", strategy);
                RawClient client = ours.site().client()) {
            Site other = ours.site();
            AdminClient api = ours.admin();
            if (strategy.equals("least-connections")) {
                // Two are busy, so it is no lot which is the least loaded.
                other.backends().forEach(backend -> backend.on(request -> Thread.sleep(Long.MAX_VALUE)));
                for (int i = 0; i < AdminSite.BACKENDS - 1; i++) {
                    busy.add(other.client().send(GET));
                }
                assertTrue(
                        Eventually.holds(() -> api.get("/api/pools").toString().contains("\"in_flight\":2")));
                NumberedBackends.number(other);
            }
            int before = Integer.parseInt(client.exchange(GET).text());
            for (int round = 0; round < 4; round++) {
                String choice = "";
                for (int i = 0; i < 100; i++) {
                    JsonObject told = api.get("/api/explain?client=127.0.0.1&path=/x");
                    assertEquals("policy", told.getString("reason"));
                    choice = told.getString("choice");
                }
                int next = Integer.parseInt(client.exchange(GET).text());
                assertEquals("127.0.0.1:" + other.backend(next).port(), choice);
                int expected = strategy.equals("round-robin") ? (before + 1) % AdminSite.BACKENDS : before;
                assertEquals(expected, next, "as if nobody had asked");
                before = next;
            }
        }
        busy.forEach(RawClient::close);
    }

    @Test
    @MostlyWaits
    @DisplayName("an explanation says what speaks against each backend")
    void obstacles() {
        admin.change("PATCH", AdminClient.path(site.backend(0)), "{\"state\":\"draining\"}");
        admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"weight\":0}");
        JsonObject told = admin.get("/api/explain?client=192.0.2.7&path=/a%3Fb=c&method=POST&host=waffle.test");
        assertEquals("192.0.2.7", told.getJsonObject("request").getString("client"));
        assertEquals("/a?b=c", told.getJsonObject("request").getString("path"));
        assertEquals("127.0.0.1:" + site.backend(2).port(), told.getString("choice"));
        assertEquals("[\"draining\"]", obstacles(told, 0));
        assertEquals("[\"no_weight\"]", obstacles(told, 1));
        assertEquals("[]", obstacles(told, 2));
        assertEquals(400, admin.send("GET", "/api/explain?klient=1.2.3.4", "").status());
    }

    private static String obstacles(JsonObject told, int number) {
        return told.getJsonArray("backends")
                .getJsonObject(number)
                .getJsonArray("obstacles")
                .toString();
    }

    @Test
    @MostlyWaits
    @DisplayName("ready until all backends are down or a stop is under way; alive as long as the process serves")
    void ready() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        running.hold(0, release);
        RawClient client = running.busyAt(0);
        assertEquals(200, admin.send("GET", "/readyz", "").status());
        site.waffle().signal("TERM");
        site.waffle().awaitOutput(Pattern.compile("stopping: waiting for requests in flight"));
        assertTrue(Eventually.holds(() -> admin.send("GET", "/readyz", "").status() == 503));
        assertTrue(admin.send("GET", "/readyz", "").text().contains("Waffle is stopping"));
        assertEquals(200, admin.send("GET", "/healthz", "").status());
        assertEquals(1, running.inFlight(), "it can be watched draining");
        release.countDown();
        assertEquals("0", client.read().text());
        var ended = site.waffle().awaitEnd();
        assertEquals(0, ended.code());
        assertFalse(ended.output().contains("Exception"), ended::output);
        assertFalse(ended.output().contains("io.helidon"), ended::output);
        client.close();
    }

    @Test
    @MostlyWaits
    @DisplayName("not ready while health checks fail everywhere")
    void allDown() {
        String[] checks = {"-health-check-path", "/healthz", "-health-check-interval", "20ms"};
        try (AdminSite ours = AdminSite.open(folder, checks)) {
            Site other = ours.site();
            AdminClient api = ours.admin();
            assertEquals(200, api.send("GET", "/readyz", "").status());
            other.backends().forEach(backend -> backend.answer("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
            assertTrue(Eventually.holds(() -> api.send("GET", "/readyz", "").status() == 503));
            assertEquals(
                    "down",
                    api.get(AdminClient.path(other.backend()))
                            .getJsonObject("status")
                            .getString("health"));
            assertEquals(200, api.send("GET", "/healthz", "").status());
            other.backends().forEach(backend -> backend.on(ScriptedBackend.OK));
            assertTrue(Eventually.holds(() -> api.send("GET", "/readyz", "").status() == 200));
        }
    }
}
