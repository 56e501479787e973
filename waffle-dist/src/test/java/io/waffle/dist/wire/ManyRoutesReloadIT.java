// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large configuration is replaced again and again under load. {@code build/reloads} has a thousand pools and ten thousand routes, and thirty reloads. */
final class ManyRoutesReloadIT {

    private static final int ROUTES = Integer.getInteger("waffle.reload.routes", 1_000);
    private static final int POOLS = ROUTES / 10;
    private static final int RELOADS = Integer.getInteger("waffle.route.reloads", 5);

    /** In ms, from the beginning of one reload to that of the next. */
    private static final long EVERY = Long.getLong("waffle.route.reload.every", 0);

    /** All of the heap is there from the beginning, so that what grows is all the rest; thirty configurations would not fit in. */
    private static final Map<String, String> HEAP = Map.of("WAFFLE_JAVA_OPTS", "-Xms256m -Xmx256m -XX:+AlwaysPreTouch");

    /** From here on memory is flat. */
    private static final int WARM = 10;

    private static final double FLAT = 1.1;

    private final Path folder;

    ManyRoutesReloadIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName(
            "pools and routes come, change and go by reloads under 64 clients: no request fails, and memory stays where it was after the tenth")
    void underLoad() throws Exception {
        List<ScriptedBackend> backends = NumberedBackends.start(4);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(HEAP, folder, yaml(backends, 0));
                Load load = new Load(waffle.port(), ManyRoutesReloadIT::request)) {
            long warm = 0;
            long start = System.nanoTime();
            for (int i = 1; i <= RELOADS; i++) {
                long due = start + TimeUnit.MILLISECONDS.toNanos(i * EVERY);
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime()))); // the pace of whoever reloads
                String said = waffle.reload(yaml(backends, i));
                assertTrue(said.contains("changed: pools."), said);
                load.awaitMore(100);
                warm = i == WARM ? waffle.process().residentBytes() : warm;
            }
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle.process()::output);
            long last = waffle.process().residentBytes();
            assertTrue(RELOADS <= 2 * WARM || last <= FLAT * warm, () -> "grown to " + last);
        } finally {
            backends.forEach(ScriptedBackend::close);
        }
    }

    private static String request(int client) {
        int route = ThreadLocalRandom.current().nextInt(ROUTES);
        return "GET /r" + route + "/x HTTP/1.1\r\nHost: h" + route % POOLS + ".example.org\r\n\r\n";
    }

    /** With each generation a tenth of the pools and routes has something else, and a hundredth more has come or gone. */
    private static String yaml(List<ScriptedBackend> backends, int generation) {
        StringBuilder text = new StringBuilder("pools:\n");
        for (int i = 0; i < POOLS; i++) {
            int weight = i % 10 == generation % 10 ? 1 + generation % 7 : 1;
            text.append("  p" + i + ": {backends: [{url: " + url(backends, i) + ", weight: " + weight + "}, "
                    + url(backends, i + 1) + "]}\n");
        }
        int more = POOLS / 100 * (generation % 3);
        for (int i = 0; i < more; i++) {
            text.append("  more" + generation + "-" + i + ": {backends: [" + url(backends, i) + "]}\n");
        }
        text.append("routes:\n");
        for (int i = 0; i < ROUTES; i++) {
            String edit =
                    i % 10 == generation % 10 ? ", response_headers: {set: {x-generation: g" + generation + "}}" : "";
            text.append("  - {name: r" + i + ", hosts: [h" + i % POOLS + ".example.org], path: /r" + i + ", to: p"
                    + i % POOLS + edit + "}\n");
        }
        for (int i = 0; i < more; i++) {
            text.append("  - {name: more" + i + ", path: /more" + i + ", to: more" + generation + "-" + i + "}\n");
        }
        return text.append("  - {name: rest, to: p0}\n").toString();
    }

    private static String url(List<ScriptedBackend> backends, int i) {
        return backends.get(i % backends.size()).url();
    }
}
