// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration changes, and nothing else does: requests, tunnels, shares, ejections and cookies go on. */
final class SeamlessReloadIT {

    private static final List<String> STRATEGIES = List.of("round-robin", "ip-hash", "least-connections");

    /** {@code build/failovers} has a hundred and twenty, and more. */
    private static final int RELOADS = Integer.getInteger("waffle.reloads", 50);

    /**
     * In ms, from the beginning of one reload to that of the next. As fast as they are done is harder for each second; with
     * {@code -Dwaffle.reload.every=500} they are two a second, for a minute.
     */
    private static final long EVERY = Long.getLong("waffle.reload.every", 0);

    private static final int TUNNELS = 200;

    private final Path folder;

    SeamlessReloadIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName(
            "weights, members and strategy change fifty times under 64 clients and 200 WebSockets: no request fails, no WebSocket of a backend that stayed ends")
    void underLoad() throws Exception {
        Random random = new Random(11);
        List<ScriptedBackend> all = NumberedBackends.start(5);
        all.forEach(backend -> backend.on(Tunnels.echoOr(ScriptedBackend.OK)));
        List<RawClient> tunnels = new ArrayList<>();
        try (ConfiguredWaffle waffle =
                        ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all.subList(0, 4), "round-robin", ""));
                Load load = new Load(waffle.port())) {
            for (int i = 0; i < TUNNELS; i++) {
                tunnels.add(Tunnels.open(waffle.port()));
            }
            long start = System.nanoTime();
            for (int i = 0; i < RELOADS; i++) {
                long due = start + TimeUnit.MILLISECONDS.toNanos(i * EVERY);
                Thread.sleep(Duration.ofNanos(due - System.nanoTime())); // the pace of whoever reloads
                List<String> backends = new ArrayList<>();
                for (ScriptedBackend backend : all.subList(0, i % 2 == 0 ? 5 : 4)) {
                    backends.add("{url: " + backend.url() + ", weight: " + (1 + random.nextInt(9)) + "}");
                }
                String strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
                String said =
                        waffle.reload("load_balancing: {strategy: " + strategy + "}\nbackends: " + backends + "\n");
                assertTrue(said.contains("changed: backends"), said);
                load.awaitMore(100);
            }
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle.process()::output);
            for (RawClient tunnel : tunnels) {
                assertTrue(Tunnels.isOpen(tunnel));
            }
        } finally {
            tunnels.forEach(RawClient::close);
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("a reload that leaves members and strategy alone does not disturb the rotation")
    void rotationGoesOn() {
        List<ScriptedBackend> all = NumberedBackends.start(3);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all, "round-robin", ""));
                RawClient client = RawClient.to(waffle.port())) {
            List<String> served = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String said = waffle.reload(
                        ConfiguredWaffle.yaml(all, "round-robin", "timeouts: {first_byte: " + (10 + i) + "s}\n"));
                assertTrue(said.endsWith("changed: timeouts"), said);
                served.add(client.exchangeGet("/").text());
            }
            for (int i = 3; i < served.size(); i++) {
                assertEquals(served.get(i - 3), served.get(i), served::toString);
            }
            assertEquals(3, served.stream().distinct().count());
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("shares under load are those of the weights, while one more backend comes and goes twenty times")
    void shares() throws Exception {
        List<ScriptedBackend> all = NumberedBackends.start(4);
        try (ConfiguredWaffle waffle =
                        ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all.subList(0, 3), "round-robin", ""));
                Load load = new Load(waffle.port())) {
            for (int i = 0; i < 20; i++) {
                waffle.reload(ConfiguredWaffle.yaml(all.subList(0, i % 2 == 0 ? 4 : 3), "round-robin", ""));
                load.awaitMore(200);
            }
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle.process()::output);
            List<Integer> counts = all.subList(0, 3).stream()
                    .map(backend -> backend.taken().size())
                    .toList();
            double mean = counts.stream().mapToInt(count -> count).average().orElseThrow();
            counts.forEach(count -> assertEquals(mean, count, 0.05 * mean, counts::toString));
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName("what is ejected stays so through a reload of everything else")
    void ejectionsStay() {
        List<ScriptedBackend> all = NumberedBackends.start(3);
        AtomicInteger atIt = new AtomicInteger();
        all.getFirst().on(request -> {
            atIt.incrementAndGet();
            request.connection().answer(502, "ill");
        });
        String hour = "ejection: {time: 1h, max_time: 1h}\n";
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, ConfiguredWaffle.yaml(all, "round-robin", hour));
                RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 15; i++) {
                client.exchangeGet("/");
            }
            waffle.process().awaitOutput(Pattern.compile("is ejected for 3600000 ms"));
            int before = atIt.get();
            waffle.reload(
                    ConfiguredWaffle.yaml(all.reversed(), "least-connections", hour + "timeouts: {first_byte: 5s}\n"));
            for (int i = 0; i < 30; i++) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            assertEquals(before, atIt.get());
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    @Test
    @DisplayName(
            "500 clients that are kept by a cookie with five backends stay there through reloads of everything else, without a key file too")
    void sticky() {
        List<ScriptedBackend> all = NumberedBackends.start(6);
        List<ScriptedBackend> five = all.subList(0, 5);
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(
                        folder, ConfiguredWaffle.yaml(five, "round-robin", "sticky: {cookie: w}\n"));
                RawClient client = RawClient.to(waffle.port())) {
            List<Browser> browsers = Stream.generate(Browser::new).limit(500).toList();
            List<String> homes = visit(browsers, client);
            assertEquals(5, homes.stream().distinct().count());
            for (String strategy : STRATEGIES) {
                waffle.reload(ConfiguredWaffle.yaml(
                        five.reversed(), strategy, "sticky: {cookie: w}\nlimits: {fields: 50}\n"));
                assertEquals(homes, visit(browsers, client));
            }
            waffle.reload(ConfiguredWaffle.yaml(all, "round-robin", "sticky: {cookie: w}\n"));
            assertEquals(homes, visit(browsers, client), "one more backend makes no difference");
            browsers.forEach(browser -> assertEquals(1, browser.cookies()));
        } finally {
            all.forEach(ScriptedBackend::close);
        }
    }

    /** Each a request of the same connection; returns who served. */
    private static List<String> visit(List<Browser> browsers, RawClient client) {
        return browsers.stream()
                .map(browser -> browser.take(client.exchange(browser.request())))
                .toList();
    }
}
