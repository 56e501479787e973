// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends fail and return, and no client notices what could be helped. */
final class FailoverIT {

    /** {@code build/failovers} has twenty, and more. */
    private static final int KILLS = Integer.getInteger("waffle.failovers", 4);

    private static final String POST = "POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 5\r\n\r\nhello";

    /** Back soon, so that what was killed is killed again under traffic. */
    private static final String[] SHORT = {"-ejection-time", "100ms", "-ejection-max-time", "200ms"};

    @Test
    @DisplayName("a backend of three is killed and started again, again and again, under 64 clients: no request fails")
    void killed() throws Exception {
        try (BackendProcess one = BackendProcess.open();
                BackendProcess two = BackendProcess.open();
                BackendProcess three = BackendProcess.open();
                WaffleProcess waffle = WaffleProcess.start(with(SHORT, one, two, three));
                Load load = new Load(waffle.port())) {
            for (int i = 0; i < KILLS; i++) {
                load.awaitMore(500);
                two.kill();
                load.awaitMore(500);
                two.start();
            }
            load.awaitMore(500);
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle::output);
            assertTrue(waffle.output().contains("is ejected for"), waffle::output);
        }
    }

    @Test
    @DisplayName(
            "a backend of three hangs, again and again, under 64 clients: what it holds ends at the deadline, and then it is left out")
    void hangs(@TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
        String[] flags = {
            "-timeout-first-byte",
            "1500ms",
            "-timeout-connect",
            "1500ms",
            "-ejection-time",
            "1h",
            "-ejection-max-time",
            "1h",
            "-admin",
            "127.0.0.1:0",
            "-admin-token-file",
            token.toString()
        };
        try (BackendProcess one = BackendProcess.open();
                BackendProcess two = BackendProcess.open();
                BackendProcess three = BackendProcess.open();
                WaffleProcess waffle = WaffleProcess.start(with(flags, one, two, three));
                Load load = new Load(waffle.port())) {
            AdminClient admin = AdminClient.of(waffle);
            for (int i = 1; i <= KILLS; i++) {
                load.awaitMore(500);
                two.signal("STOP");
                int ejections = i;
                assertTrue(Eventually.holds(() -> waffle.countInOutput("is ejected for") == ejections), waffle::output);
                load.awaitEach(); // what had been sent there before
                int late = load.statuses().getOrDefault(504, 0);
                load.awaitMore(500);
                assertEquals(late, load.statuses().getOrDefault(504, 0), "after the ejection nobody waits");
                two.signal("CONT");
                admin.change("DELETE", two.path(), ""); // another of its address is not ejected
                admin.change("PUT", two.path(), "{\"url\":\"" + two.url() + "\"}");
            }
            load.end();
            assertEquals(Map.of(), without(load.statuses(), 200, 504));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName("a backend that answers 500 at once attracts no traffic, and comes back when it is well")
    void failsFast(String strategy) {
        try (Site site = Site.open(3, "-lb-strategy", strategy, "-ejection-time", "300ms")) {
            AtomicBoolean sick = new AtomicBoolean(true);
            AtomicInteger answered = new AtomicInteger();
            ScriptedBackend target = firstServing(site);
            target.on(request -> {
                answered.incrementAndGet();
                request.connection().answer(sick.get() ? 500 : 200, "one");
            });
            for (int i = 0; i < 100 && answered.get() < 20; i++) {
                site.get("/");
            }
            assertEquals(20, answered.get(), "twenty failures in a row");
            site.waffle().awaitOutput(Pattern.compile(target.port() + " is ejected for 300 ms: 20 failures in a row"));
            sick.set(false);
            assertEquals(200, site.get("/").status());
            site.waffle().awaitOutput(Pattern.compile(target.port() + " is back on probation"));
            assertTrue(Eventually.holds(() -> {
                assertEquals(200, site.get("/").status());
                return answered.get() > 20;
            }));
        }
    }

    @Test
    @DisplayName("ten POSTs of 5 MiB, a backend of two refuses: each arrives once, byte for byte")
    void postsThatAreRefused() throws Exception {
        try (Socket refusing = new Socket()) {
            refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertPostsArrive("http://127.0.0.1:" + refusing.getLocalPort());
        }
    }

    @Test
    @DisplayName("ten POSTs of 5 MiB, a backend of two cannot be found: each arrives once, byte for byte")
    void postsToAnUnknownName() throws Exception {
        assertPostsArrive("http://nowhere.invalid:80");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse when the queue is full")
    @DisplayName("ten POSTs of 5 MiB, a backend of two does not answer a connect: each arrives once, byte for byte")
    void postsThatAreIgnored() throws Exception {
        try (SilentServer silent = new SilentServer()) {
            assertPostsArrive(silent.url());
        }
    }

    /** The body waits at the client until there is a backend to send it to: nothing of it has to be kept. */
    private static void assertPostsArrive(String unreachable) throws Exception {
        long size = 5L << 20;
        String[] flags = {"-disable-ejection", "-timeout-connect", "300ms", "-retry-body", "0"};
        try (ScriptedBackend backend = ScriptedBackend.start()) {
            backend.on(request -> {
                var check = new Content.Check();
                request.connection().reader().exactly(request.length(), check);
                request.connection().answer(200, Long.toString(check.received()));
            });
            try (var waffle = WaffleProcess.start(with(flags, unreachable, backend.url()));
                    RawClient client = RawClient.to(waffle.port())) {
                for (int i = 0; i < 10; i++) {
                    client.send("POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: " + size + "\r\n\r\n");
                    Content.send(size, client.socket().getOutputStream());
                    assertEquals(Long.toString(size), client.read().text());
                }
                assertEquals(10, backend.taken().size());
                assertTrue(waffle.output().contains("CONNECT_"), waffle::output);
            }
        }
    }

    @Test
    @DisplayName("a backend dies with a request: another gets it if it is idempotent, the client a 502 if not")
    void diesWithARequest() throws Exception {
        try (Site site = Site.open(2, "-disable-ejection")) {
            site.backend(0).on(request -> {
                request.readBody();
                request.connection().reset();
            });
            int badGateways = 0;
            for (int i = 0; i < 20; i++) {
                assertEquals(200, site.exchange(GET).status());
                badGateways += site.exchange(POST).status() == 502 ? 1 : 0;
            }
            assertEquals(posts(site.backend(0)), badGateways);
            assertEquals(20 - badGateways, posts(site.backend(1)), "none of them came twice");
            assertTrue(badGateways > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @DisplayName("a repetition goes by no connection that its backend has closed, though nobody has noticed that yet")
    void staleAtBoth(int dead) throws Exception {
        try (Site site = Site.open(2, "-disable-ejection");
                RawClient client = RawClient.to(site.waffle().port())) {
            for (int i = 0; i < 4; i++) {
                assertEquals(200, client.exchange(GET).status()); // an idle connection to each is left
            }
            ScriptedBackend other = site.backend(1 - dead);
            List<BackendConnection> idle = new ArrayList<>();
            other.taken().forEach(request -> idle.add(request.connection()));
            site.backend(dead).on(request -> {
                for (BackendConnection connection : idle) {
                    connection.close(); // while the request is under way
                }
                request.connection().reset();
            });
            assertEquals("ok", client.exchange(GET).text());
        }
    }

    @Test
    @DisplayName(
            "a chosen status is not the last word while there is another backend; what nobody does better is passed on")
    void chosenStatus() {
        try (Site site = Site.open(2, "-disable-ejection", "-retry-statuses", "503,504")) {
            site.backend(0).on(ScriptedBackend.answering(503, "from 0"));
            for (int i = 0; i < 10; i++) {
                assertEquals(200, site.exchange(GET).status());
            }
            site.backend(1).on(ScriptedBackend.answering(503, "from 1"));
            for (int i = 0; i < 10; i++) {
                Response response = site.exchange(GET);
                assertEquals(503, response.status());
                assertTrue(response.text().startsWith("from "), response::text);
            }
            site.forget();
            site.backend(0).on(ScriptedBackend.answering(502, "other"));
            site.backend(1).on(ScriptedBackend.answering(502, "other"));
            assertEquals(502, site.exchange(GET).status());
            assertEquals(
                    1, site.backend(0).taken().size() + site.backend(1).taken().size(), "not a chosen one");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    @DisplayName("two backends of three are out of order: what is repeated stays within the budget, under load as well")
    void budget(int clients) throws Exception {
        int requests = 3_200;
        try (Site site = Site.open(3, "-disable-ejection")) {
            AtomicInteger sent = new AtomicInteger();
            for (int i = 0; i < 3; i++) {
                boolean sick = i < 2;
                site.backend(i).on(request -> {
                    sent.incrementAndGet();
                    if (sick) {
                        request.connection().reset();
                    } else {
                        request.connection().answer(200, "ok");
                    }
                });
            }
            Crowd crowd = Crowd.ask(clients, requests / clients, site);
            assertEquals(Set.of(200, 502), crowd.statuses().keySet(), crowd::toString);
            int saved = 100;
            assertTrue(sent.get() <= requests * 12 / 10 + saved, () -> sent + " for " + requests);
            assertTrue(sent.get() > requests * 11 / 10, () -> sent + " for " + requests);
        }
    }

    /** With every default. What was saved up counts as well: without ejection it would be 3,200 / 5 and a hundred more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    @DisplayName(
            "two backends of three go out of order under load: the backends get at most a fifth more than the clients sent, and no client notices")
    void outage(int clients) throws Exception {
        int requests = 3_200;
        try (Site site = Site.open(3)) {
            AtomicInteger sent = new AtomicInteger();
            AtomicBoolean sick = new AtomicBoolean();
            for (int i = 0; i < 3; i++) {
                boolean well = i == 2;
                site.backend(i).on(request -> {
                    sent.incrementAndGet();
                    if (well || !sick.get()) {
                        request.connection().answer(200, "ok");
                    } else {
                        request.connection().reset();
                    }
                });
            }
            assertEquals(
                    Map.of(200, (long) requests),
                    Crowd.ask(clients, requests / clients, site).statuses());
            assertEquals(requests, sent.get());
            sick.set(true);
            assertEquals(
                    Map.of(200, (long) requests),
                    Crowd.ask(clients, requests / clients, site).statuses());
            int during = sent.get() - requests;
            assertTrue(during > requests, () -> during + " for " + requests);
            assertTrue(during * 10 <= requests * 12, () -> during + " for " + requests);
        }
    }

    @Test
    @DisplayName("weights on the command line: shares as they say, and none for 0")
    void weights() {
        try (ScriptedBackend five = ScriptedBackend.start().on(ScriptedBackend.answering(200, "5"));
                ScriptedBackend one = ScriptedBackend.start().on(ScriptedBackend.answering(200, "1"));
                ScriptedBackend none = ScriptedBackend.start().on(ScriptedBackend.answering(200, "0"));
                var waffle = WaffleProcess.start(
                        "-backends", five.url() + ";weight=5," + one.url() + "," + none.url() + ";weight=0");
                RawClient client = RawClient.to(waffle.port())) {
            Map<String, Integer> counts = new TreeMap<>();
            for (int i = 0; i < 600; i++) {
                counts.merge(client.exchange(GET).text(), 1, Integer::sum);
            }
            assertEquals(Map.of("5", 500, "1", 100), counts);
        }
    }

    private static String[] with(String[] flags, BackendProcess... backends) {
        return with(flags, Stream.of(backends).map(BackendProcess::url).toArray(String[]::new));
    }

    private static String[] with(String[] flags, String... urls) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("-backends", String.join(",", urls)));
        return all.toArray(String[]::new);
    }

    /** The backend this client's next request goes to, as far as the strategy is true to clients. */
    private static ScriptedBackend firstServing(Site site) {
        site.get("/");
        return site.backends().stream()
                .filter(backend -> !backend.taken().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static int posts(ScriptedBackend backend) {
        return (int) backend.taken().stream()
                .filter(request -> request.head().raw().startsWith("POST"))
                .count();
    }

    private static Map<Integer, Integer> without(Map<Integer, Integer> statuses, int... left) {
        Map<Integer, Integer> rest = new TreeMap<>(statuses);
        for (int status : left) {
            rest.remove(status);
        }
        return rest;
    }
}
