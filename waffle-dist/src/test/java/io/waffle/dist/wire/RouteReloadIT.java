// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools, routes and listeners come, change and go by reload, and what stays does not notice. */
final class RouteReloadIT {

    private static final int RELOADS = 20;
    private static final Pattern LISTENING = Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+) \\((\\w+)\\)");

    private final List<ScriptedBackend> backends = NumberedBackends.start(5);
    private final Path folder;

    RouteReloadIT(@TempDir Path folder) {
        this.folder = folder;
        backends.getFirst().on(Tunnels.echoOr(ScriptedBackend.answering(200, "0")));
    }

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
    }

    /** Everything of waffle.test goes to a pool that stays; there are others, and more. */
    private String yaml(String listeners, String pools, String routes) {
        return """
                listeners:
                  main: {address: "127.0.0.1:0"}
                %spools:
                  stays: {backends: [%s], sticky: {cookie: w}}
                  pair: {backends: [%s, %s], load_balancing: {strategy: round-robin}}
                %sroutes:
                  - {name: stays, hosts: [waffle.test], to: stays}
                  - {name: pair, hosts: [pair.test], to: pair}
                %s""".formatted(
                        listeners,
                        backends.get(0).url(),
                        backends.get(1).url(),
                        backends.get(2).url(),
                        pools,
                        routes);
    }

    private String pool(int number, int backend) {
        return "  extra-" + number + ": {backends: [" + backends.get(backend).url() + "]}\n";
    }

    private static String route(int number, String pool) {
        return "  - {name: extra-" + number + ", hosts: [extra-" + number + ".test], to: " + pool + "}\n";
    }

    @Test
    @DisplayName(
            "20 reloads under load that add, change and remove pools, routes and listeners: no request fails, tunnels, connections and turns go on")
    void underLoad() throws Exception {
        List<RawClient> tunnels = new ArrayList<>();
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml("", "", ""));
                Load load = new Load(waffle.port());
                RawClient pair = RawClient.to(waffle.port())) {
            for (int i = 0; i < 20; i++) {
                tunnels.add(Tunnels.open(waffle.port()));
            }
            List<String> turns = new ArrayList<>();
            for (int i = 0; i < RELOADS; i++) {
                String listener = i % 3 == 0 ? "  extra: {address: \"127.0.0.1:0\"}\n" : "";
                String pools = pool(i, 3) + pool(i / 2 + 1_000, i % 2 + 3);
                String said =
                        waffle.reload(yaml(listener, pools, route(i, "extra-" + i) + route(i / 2 + 1_000, "stays")));
                assertTrue(said.contains("changed: "), said);
                assertEquals("3", at(waffle.port(), "extra-" + i + ".test").text());
                assertEquals(
                        "0",
                        at(waffle.port(), "extra-" + (i / 2 + 1_000) + ".test").text());
                assertEquals(
                        404, at(waffle.port(), "extra-" + (i + 1) + ".test").status());
                turns.add(pair.exchange(get("pair.test")).text());
                load.awaitMore(64);
            }
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle.process()::output);
            for (int i = 1; i < turns.size(); i++) {
                assertTrue(!turns.get(i).equals(turns.get(i - 1)), turns::toString);
            }
            tunnels.forEach(tunnel -> assertTrue(Tunnels.isOpen(tunnel)));
            assertEquals(1, backends.get(1).connections());
            assertEquals(1, backends.get(2).connections());
        } finally {
            tunnels.forEach(RawClient::close);
        }
    }

    @Test
    @DisplayName("a cookie of a pool that stays is good through reloads of everything else")
    void cookies() {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml("", "", ""));
                RawClient client = RawClient.to(waffle.port())) {
            Response first = client.exchangeGet("/");
            String cookie = first.value("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
            for (int i = 0; i < 5; i++) {
                waffle.reload(yaml("", pool(i, 3), route(i, "extra-" + i)));
                Response again =
                        client.exchange("GET / HTTP/1.1\r\nHost: waffle.test\r\nCookie: " + cookie + "\r\n\r\n");
                assertTrue(again.value("Set-Cookie").isEmpty(), "it is known as it was");
            }
        }
    }

    @Test
    @DisplayName("a listener that is added serves, one that is gone takes nobody, and what it serves ends")
    void listeners() {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml("", "", ""))) {
            int main = waffle.port();
            waffle.reload(yaml("  extra: {address: \"127.0.0.1:0\"}\n", "", ""));
            int extra = port(waffle, "extra");
            assertEquals("0", at(extra, "waffle.test").text());
            try (RawClient kept = RawClient.to(main)) {
                assertEquals("0", kept.exchangeGet("/").text());
                waffle.reload(yaml("", "", ""));
                assertTrue(Eventually.holds(() -> refuses(extra)));
                assertEquals("0", kept.exchangeGet("/").text());
            }
        }
    }

    @Test
    @DisplayName("a listener moves to another address, and the others do not notice")
    void moved() throws Exception {
        int from = freePort();
        int to = freePort();
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(extra(from), "", ""));
                RawClient main = RawClient.to(port(waffle, "main"));
                RawClient tunnel = Tunnels.open(from)) {
            assertEquals("0", main.exchangeGet("/").text());
            waffle.reload(yaml(extra(to), "", ""));
            assertEquals("0", at(to, "waffle.test").text());
            assertTrue(Eventually.holds(() -> refuses(from)));
            assertEquals("0", main.exchangeGet("/").text());
            assertTrue(Tunnels.isOpen(tunnel));
        }
    }

    @Test
    @DisplayName("an address that cannot be had changes nothing at all")
    void taken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml("", "", ""))) {
            String said = waffle.reload(yaml(extra(taken.getLocalPort()), pool(1, 3), route(1, "extra-1")));
            assertTrue(said.contains("nothing was changed"), said);
            assertTrue(waffle.process().output().contains("listeners.extra.address"), waffle.process()::output);
            assertEquals(404, at(waffle.port(), "extra-1.test").status());
            assertEquals("0", at(waffle.port(), "waffle.test").text());
            waffle.reload(yaml("", pool(1, 3), route(1, "extra-1")));
            assertEquals("3", at(waffle.port(), "extra-1.test").text());
        }
    }

    @Test
    @DisplayName("what was opened for a configuration that comes to nothing is closed, and what was in use goes on")
    void closedAgain() throws Exception {
        Path log = folder.resolve("in-use.log");
        String refused = "access_log: {file: " + folder.resolve("refused.log") + "}\n";
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ConfiguredWaffle waffle =
                        ConfiguredWaffle.start(folder, "access_log: {file: " + log + "}\n" + yaml("", "", ""))) {
            String said = waffle.reload(refused + yaml(extra(taken.getLocalPort()), pool(1, 3), route(1, "extra-1")));
            assertTrue(said.contains("nothing was changed"), said);
            assertEquals(
                    0, waffle.process().openFiles(folder.resolve("refused.log").toString()));
            assertEquals("0", at(waffle.port(), "waffle.test").text());
            assertTrue(Eventually.holds(() -> log.toFile().length() > 0));
        }
    }

    private static String extra(int port) {
        return "  extra: {address: \"127.0.0.1:" + port + "\"}\n";
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean refuses(int port) {
        try (RawClient client = RawClient.to(port)) {
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private static int port(ConfiguredWaffle waffle, String listener) {
        Wait.until("a listener " + listener, () -> found(waffle, listener).size() > 0);
        return found(waffle, listener).getLast();
    }

    private static List<Integer> found(ConfiguredWaffle waffle, String listener) {
        return LISTENING
                .matcher(waffle.process().output())
                .results()
                .filter(result -> result.group(2).equals(listener))
                .map((MatchResult result) -> Integer.parseInt(result.group(1)))
                .toList();
    }

    private static String get(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static Response at(int port, String host) {
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(get(host));
        }
    }

    @Test
    @DisplayName("a listener that gets another name, or that of another, goes on at its address, with its connections")
    void renamed() throws Exception {
        int one = freePort();
        int two = freePort();
        String listeners = """
                  a: {address: "127.0.0.1:%d"}
                  b: {address: "127.0.0.1:%d"}
                """;
        String routes = """
                  - {name: by-a, hosts: [by.test], listeners: [a], respond: {status: 200, body: a}}
                  - {name: by-b, hosts: [by.test], listeners: [b], respond: {status: 200, body: b}}
                """;
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml(listeners.formatted(one, two), "", routes));
                RawClient first = RawClient.to(one);
                RawClient second = RawClient.to(two)) {
            assertEquals("a", first.exchange(get("by.test")).text());
            assertEquals("b", second.exchange(get("by.test")).text());
            waffle.reload(yaml(listeners.formatted(two, one), "", routes));
            assertEquals("b", first.exchange(get("by.test")).text());
            assertEquals("a", second.exchange(get("by.test")).text());
            String said = waffle.reload(
                    yaml(listeners.formatted(two, one).replace("  a:", "  c:"), "", routes.replace("[a]", "[c]")));
            assertTrue(said.contains("listeners.a (gone)"), said);
            assertEquals("a", second.exchange(get("by.test")).text());
            assertEquals("a", at(two, "by.test").text());
        }
    }
}
