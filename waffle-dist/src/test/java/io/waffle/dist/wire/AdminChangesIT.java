// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends drained, weighed anew, added and removed by the admin API, while requests come. */
final class AdminChangesIT {

    private final Path folder;

    @AutoClose
    private final AdminSite running;

    private final Site site;
    private final AdminClient admin;

    AdminChangesIT(@TempDir Path folder) {
        this.folder = folder;
        running = AdminSite.open(folder);
        site = running.site();
        admin = running.admin();
    }

    @Test
    @DisplayName(
            "a draining backend gets no new request and finishes those it has, and keeps its weight for its return")
    void drain() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        running.hold(1, release);
        try (RawClient client = running.busyAt(1)) {
            admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"weight\":3}");
            JsonObject draining = admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"state\":\"draining\"}");
            assertEquals(3, draining.getInt("weight"));
            assertEquals(1, draining.getJsonObject("status").getInt("in_flight"));
            site.backend(1).taken();
            for (int i = 0; i < 60; i++) {
                assertEquals(200, site.exchange(GET).status());
            }
            assertEquals(List.of(), site.backend(1).taken());
            release.countDown();
            Response finished = client.read();
            assertEquals(200, finished.status());
            assertEquals("1", finished.text());
        }
        admin.change("PATCH", AdminClient.path(site.backend(1)), "{\"state\":\"active\"}");
        for (int i = 0; i < 50; i++) {
            assertEquals(200, site.exchange(GET).status());
        }
        assertEquals(30, site.backend(1).taken().size(), "3 of each 5");
        String id = "127.0.0.1:" + site.backend(1).port();
        for (String change : List.of("weight 1 -> 3", "state active -> draining", "state draining -> active")) {
            String line = "INFO io.waffle.admin: admin API: backend " + id + ": " + change;
            site.waffle().awaitOutput(Pattern.compile(Pattern.quote(line)));
            assertEquals(1, site.waffle().countInOutput(line));
        }
    }

    @Test
    @DisplayName(
            "a backend that is told to drain keeps the clients a cookie keeps with it until the deadline, and gets no others")
    void drainsButForStickyClients() {
        try (AdminSite ours = AdminSite.open(folder, Options.with(Options.STICKY, "-sticky-drain", "5s"))) {
            Site sticky = ours.site();
            String cookie = "";
            while (cookie.isEmpty()) {
                Response first = sticky.get("/");
                cookie = first.text().equals("0")
                        ? first.value("Set-Cookie").orElseThrow().replaceFirst(";.*", "")
                        : "";
            }
            String kept = "GET / HTTP/1.1\r\nHost: waffle.test\r\nCookie: " + cookie + "\r\n\r\n";
            ours.admin().change("PATCH", AdminClient.path(sticky.backend(0)), "{\"state\":\"draining\"}");
            assertEquals("0", sticky.exchange(kept).text());
            for (int i = 0; i < 2 * AdminSite.BACKENDS; i++) {
                assertFalse(sticky.get("/").text().equals("0"));
            }
            assertTrue(Eventually.holds(() -> !sticky.exchange(kept).text().equals("0")));
        }
    }

    @Test
    @DisplayName("backends come, go and change their weights under 64 clients: no request fails")
    void underLoad() throws Exception {
        try (ScriptedBackend more = ScriptedBackend.start();
                Load load = new Load(site.port())) {
            String body = "{\"url\":\"" + more.url() + "\",\"weight\":2}";
            for (int i = 0; i < 30; i++) {
                load.awaitMore(200);
                assertEquals(
                        201, admin.send("PUT", AdminClient.path(more), body).status());
                load.awaitMore(200);
                admin.change("PATCH", AdminClient.path(site.backend(0)), "{\"weight\":" + i % 4 + "}");
                load.awaitMore(200);
                assertEquals(
                        200, admin.send("DELETE", AdminClient.path(more), "").status());
            }
            admin.change("DELETE", AdminClient.path(site.backend(2)), "");
            load.awaitMore(200);
            assertEquals(Map.of(200, load.end()), load.statuses(), site.waffle()::output);
            assertFalse(more.taken().isEmpty());
        }
        assertEquals(0, running.inFlight());
        site.assertNoFaults();
    }

    @Test
    @DisplayName("the last backend can be removed: requests get a 503 then, until there is one again")
    void removeAll() {
        for (ScriptedBackend backend : site.backends()) {
            assertEquals(
                    "127.0.0.1:" + backend.port(),
                    admin.change("DELETE", AdminClient.path(backend), "").getString("removed"));
        }
        assertEquals(503, site.exchange(GET).status());
        Response ready = admin.send("GET", "/readyz", "");
        assertEquals(503, ready.status());
        assertTrue(ready.text().contains("none of 0 backends is available"), ready::text);
        admin.change(
                "PUT",
                AdminClient.path(site.backend(2)),
                "{\"url\":\"" + site.backend(2).url() + "\"}");
        assertEquals("2", site.exchange(GET).text());
        assertEquals(200, admin.send("GET", "/readyz", "").status());
    }
}
