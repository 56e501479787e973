// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes that choose otherwise than their pool does, over the same backends. */
final class RouteStrategyIT {

    private static final String HASHED = ", load_balancing: {strategy: ip-hash}";

    /** Goes round from where its option says, and says when it begins and ends; from 99 on it fails. */
    private static final String STEPPING = """
            package stepping;
            import io.waffle.api.*;
            import java.util.*;
            import java.util.concurrent.atomic.AtomicLong;
            public final class Provider implements StrategyProvider {
                public String name() { return "stepping"; }
                public Strategy create(StrategyContext context) {
                    long first = context.options().integer("first", 0, 0, 99);
                    AtomicLong next = new AtomicLong(first);
                    System.err.println("made from " + first + ".");
                    return new Strategy() {
                        public Picker picker(List<Backend> backends) {
                            return request -> {
                                if (first == 99) { throw new IllegalStateException("on purpose"); }
                                return backends.get((int) (next.getAndIncrement() % backends.size()));
                            };
                        }
                        public void close() { System.err.println("closed from " + first + "."); }
                    };
                }
            }
            """;

    private final List<ScriptedBackend> backends = NumberedBackends.start(3);
    private final Path folder;
    private final Path token;

    RouteStrategyIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
    }

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
    }

    private String yaml(String kept, String more) {
        return """
                listen: 127.0.0.1:0
                pools:
                  app: {backends: [%s, %s, %s]}
                  green: {backends: [%s]}
                routes:
                  - {name: kept, hosts: [kept.test], to: app%s}
                  - {name: turns, hosts: [turns.test], to: app}
                %s""".formatted(
                        backends.get(0).url(),
                        backends.get(1).url(),
                        backends.get(2).url(),
                        backends.get(0).url(),
                        kept,
                        more);
    }

    private ConfiguredWaffle start(String yaml) {
        return ConfiguredWaffle.start(folder, yaml, "-admin", "127.0.0.1:0", "-admin-token-file", token.toString());
    }

    private static List<String> ask(ConfiguredWaffle waffle, String host, int times) {
        List<String> answers = new ArrayList<>();
        try (RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < times; i++) {
                answers.add(client.exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                        .text());
            }
        }
        return answers;
    }

    private static Set<String> different(List<String> answers) {
        return new TreeSet<>(answers);
    }

    @Test
    @DisplayName("R8 one route by the client's address, the other in turns; each tells so when it is asked")
    void eachItsOwn() {
        try (ConfiguredWaffle waffle = start(yaml(HASHED, ""))) {
            assertEquals(1, different(ask(waffle, "kept.test", 12)).size());
            List<String> turns = ask(waffle, "turns.test", 6);
            assertEquals(Set.of("0", "1", "2"), different(turns), turns::toString);
            assertEquals(turns.subList(0, 3), turns.subList(3, 6), "those of the other route take no turn");
            AdminClient admin = AdminClient.of(waffle.process());
            assertEquals("ip-hash", admin.get("/api/routes/kept").getString("strategy"));
            assertTrue(!admin.get("/api/routes/turns").containsKey("strategy"));
            assertEquals(
                    "ip-hash",
                    admin.get("/api/explain?host=kept.test&client=192.0.2.7").getString("strategy"));
            assertEquals(
                    "the strategy ip-hash would choose it",
                    admin.get("/api/explain?host=kept.test&client=192.0.2.7").getString("because"));
            assertEquals(
                    "round-robin", admin.get("/api/explain?host=turns.test").getString("strategy"));
        }
    }

    @Test
    @DisplayName(
            "a reload that leaves it alone leaves its turns; one that changes, takes away or brings it back does just that")
    void reloaded() {
        String own = ", load_balancing: {strategy: round-robin, options: {}}";
        String third = "  - {name: third, hosts: [third.test], to: green}\n";
        try (ConfiguredWaffle waffle = start(yaml(HASHED, ""))) {
            List<String> before = ask(waffle, "turns.test", 4);
            waffle.reload(yaml(HASHED, third));
            List<String> behind = ask(waffle, "turns.test", 2);
            assertEquals(before.subList(1, 3), behind, "as if nothing had been");
            String said = waffle.reload(yaml(own, third));
            assertTrue(said.contains("changed: routes.kept.load_balancing"), said);
            assertEquals(Set.of("0", "1", "2"), different(ask(waffle, "kept.test", 6)));
            waffle.reload(yaml(HASHED, ""));
            assertEquals(1, different(ask(waffle, "kept.test", 6)).size());
            waffle.reload(yaml("", ""));
            assertEquals(3, different(ask(waffle, "kept.test", 6)).size());
        }
    }

    @Test
    @DisplayName("R8 the admin API moves such a route among the pools it is configured for, and to no other")
    void moved() throws Exception {
        String both = "  - {name: both, hosts: [both.test], to: {app: 1, green: 0}" + HASHED + "}\n";
        try (ConfiguredWaffle waffle = start(yaml(HASHED, both))) {
            AdminClient admin = AdminClient.of(waffle.process());
            admin.change("PATCH", "/api/routes/both", "{\"to\": {\"green\": 1}}");
            assertEquals(Set.of("0"), different(ask(waffle, "both.test", 4)));
            Response refused = admin.send("PATCH", "/api/routes/kept", "{\"to\": {\"green\": 1}}");
            assertEquals(409, refused.status());
            assertEquals(
                    "to: green (expected: one of app, since the route has a strategy of its own, which is there in the pools it is configured for)",
                    AdminClient.json(refused).getString("error"));
        }
    }

    private String stepping(String... routes) {
        String urls = backends.stream().map(ScriptedBackend::url).collect(Collectors.joining(", "));
        return "listen: 127.0.0.1:0\npools:\n  app: {backends: [" + urls
                + "], load_balancing: {strategy: stepping}}\nroutes:\n  - {name: plain, hosts: [plain.test], to: app}\n"
                + String.join("", routes);
    }

    private static String route(String name, int first) {
        return "  - {name: " + name + ", hosts: [" + name
                + ".test], to: app, load_balancing: {strategy: stepping, options: {first: " + first + "}}}\n";
    }

    private ConfiguredWaffle startStepping(String yaml) throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        TestPlugin.compile(folder, "stepping", STEPPING).packInto(plugins);
        return ConfiguredWaffle.start(folder, yaml, "-plugins", plugins.toString(), "-admin", "127.0.0.1:0");
    }

    private static String steps(ConfiguredWaffle waffle, String name, int times) {
        return String.join("", ask(waffle, name + ".test", times));
    }

    private static long count(ConfiguredWaffle waffle, String words) {
        return waffle.process()
                .output()
                .lines()
                .filter(line -> line.contains(words))
                .count();
    }

    @Test
    @DisplayName(
            "R8 routes that want the same share one strategy; a reload keeps it, changes one, closes one, each once")
    void shared() throws IOException {
        try (ConfiguredWaffle waffle = startStepping(stepping(route("one", 1), route("two", 1)))) {
            assertEquals("01", steps(waffle, "plain", 2));
            assertEquals("1201", steps(waffle, "one", 2) + steps(waffle, "two", 2));
            assertEquals(1, count(waffle, "made from 0."));
            assertEquals(1, count(waffle, "made from 1."));
            waffle.reload(stepping(route("one", 1), route("two", 2)));
            assertEquals("222", steps(waffle, "one", 1) + steps(waffle, "two", 1) + steps(waffle, "plain", 1));
            assertEquals(0, count(waffle, "closed"));
            waffle.reload(stepping(route("two", 2)));
            assertTrue(Eventually.holds(() -> count(waffle, "closed from 1.") == 1));
            assertEquals("00", steps(waffle, "two", 1) + steps(waffle, "plain", 1));
            String refused = waffle.reload(stepping(route("two", 3), route("bad", 100)));
            assertTrue(refused.contains("nothing was changed"), refused);
            waffle.process()
                    .awaitOutput(
                            Pattern.compile("routes\\[2]\\.load_balancing\\.options\\.first: strategy stepping: "));
            assertTrue(Eventually.holds(() -> count(waffle, "made from 3.") == count(waffle, "closed from 3.")));
            assertEquals("11", steps(waffle, "two", 1) + steps(waffle, "plain", 1));
            waffle.process().signal("TERM");
            assertTrue(
                    Eventually.holds(() -> count(waffle, "made from") == count(waffle, "closed from")),
                    waffle.process()::output);
            assertEquals(1, count(waffle, "closed from 2."));
        }
    }

    @Test
    @DisplayName("R8 one that throws is left out for its own route, and the others notice nothing")
    void contained() throws IOException {
        try (ConfiguredWaffle waffle = startStepping(stepping(route("bad", 99)))) {
            assertEquals(60, steps(waffle, "bad", 60).length());
            assertEquals("012012", steps(waffle, "plain", 6));
            assertEquals(
                    0,
                    AdminClient.of(waffle.process())
                            .get("/api/pools")
                            .getJsonArray("pools")
                            .getJsonObject(0)
                            .getInt("faults"));
        }
    }
}
