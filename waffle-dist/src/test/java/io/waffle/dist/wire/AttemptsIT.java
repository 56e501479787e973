// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a strategy is told of the attempts it chose a backend for. */
final class AttemptsIT {
    private static final int CLIENTS = 16;
    private static final int VISITS = 60;
    private static final int LARGEST = 300_000;

    /** Counts what it is told, and prints it when it has to pick for {@code /counts}. */
    private static final String COUNTING = """
            package counting;
            import io.waffle.api.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.atomic.*;
            public final class Provider implements StrategyProvider {
                public String name() { return "counting"; }
                public Strategy create(StrategyContext context) { return new Counting(); }
            }
            final class Counting implements Strategy {
                private final AtomicInteger picked = new AtomicInteger();
                private final AtomicInteger started = new AtomicInteger();
                private final AtomicInteger completed = new AtomicInteger();
                private final AtomicInteger early = new AtomicInteger();
                private final AtomicIntegerArray kinds = new AtomicIntegerArray(Outcome.Kind.values().length);
                private final Map<Backend, AtomicInteger> open = new ConcurrentHashMap<>();
                public Picker picker(List<Backend> backends) {
                    return request -> {
                        if (request.target().equals("/counts")) { report(backends); }
                        return backends.get(picked.getAndIncrement() % backends.size());
                    };
                }
                public void started(Backend backend) {
                    started.incrementAndGet();
                    open.computeIfAbsent(backend, b -> new AtomicInteger()).incrementAndGet();
                }
                public void completed(Backend backend, Outcome outcome) {
                    completed.incrementAndGet();
                    kinds.incrementAndGet(outcome.kind().ordinal());
                    if (open.get(backend).decrementAndGet() < 0) { early.incrementAndGet(); }
                }
                private void report(List<Backend> backends) {
                    int inFlight = backends.stream().mapToInt(Backend::inFlight).sum();
                    System.out.println("counts: picked " + picked + ", started " + started + ", completed " + completed
                            + ", early " + early + ", in flight " + inFlight
                            + ", whole " + kinds.get(Outcome.Kind.SUCCESS.ordinal())
                            + ", gone " + kinds.get(Outcome.Kind.CLIENT_GONE.ordinal()) + ".");
                }
            }
            """;

    private static final Pattern COUNTS = Pattern.compile(
            "counts: picked (\\d+), started (\\d+), completed (\\d+), early (\\d+), in flight (\\d+), whole (\\d+), gone (\\d+)\\.");

    /** What the strategy has printed when it was asked; early are those completed before they were started. */
    private record Counts(int picked, int started, int completed, int early, int inFlight, int whole, int gone) {

        static Counts of(Site site) {
            int before = printed(site).size();
            assertEquals(200, site.get("/counts").status());
            Wait.until("the counts are printed", () -> printed(site).size() > before);
            MatchResult last = printed(site).getLast();
            int[] n = new int[last.groupCount()];
            for (int i = 0; i < n.length; i++) {
                n[i] = Integer.parseInt(last.group(i + 1));
            }
            return new Counts(n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
        }

        private static List<MatchResult> printed(Site site) {
            return COUNTS.matcher(site.waffle().output()).results().toList();
        }

        boolean settled() {
            return picked == started && started == completed && inFlight == 0;
        }
    }

    /** How a client goes about a request. */
    private enum Manner {
        STAYS,
        LEAVES_WHILE_IT_SENDS,
        LEAVES_AFTER_IT_HAS_SENT,
        LEAVES_WHILE_THE_BACKEND_WORKS,
        LEAVES_WHILE_IT_READS
    }

    @Test
    @DisplayName(
            "each attempt is started once and completed once, whenever its client leaves; then nothing is in flight")
    void exactlyOnce(@TempDir Path temp) throws Exception {
        Path folder = Files.createDirectory(temp.resolve("plugins"));
        TestPlugin.compile(temp, "counting", COUNTING).packInto(folder);
        try (Site site = Site.open(3, "-plugins", folder.toString(), "-lb-strategy", "counting");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            site.backends().forEach(backend -> backend.on(AttemptsIT::serve));
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                var random = new Random(i);
                clients.add(threads.submit(() -> visits(site, random)));
            }
            int whole = 0;
            for (Future<Integer> client : clients) {
                whole += Wait.result(client);
            }
            assertTrue(
                    Eventually.holds(() -> Counts.of(site).settled()), () -> Counts.of(site) + " (expected: settled)");

            Counts counts = Counts.of(site);
            int seen = site.backends().stream()
                    .mapToInt(backend -> backend.taken().size())
                    .sum();
            assertEquals(0, counts.early);
            assertTrue(
                    seen <= counts.started + 1,
                    () -> seen + " came to the backends, but " + counts); // 1: /counts itself
            assertTrue(counts.whole >= whole && whole > 0, whole + " were answered whole, but " + counts);
            assertTrue(counts.gone > CLIENTS, counts::toString);
            site.assertNoFaults();
            assertEquals(0, site.waffle().terminate());
        }
    }

    /** Returns how many were answered whole. */
    private static int visits(Site site, Random random) throws IOException {
        int whole = 0;
        for (int i = 0; i < VISITS; i++) {
            Manner manner = Manner.values()[random.nextInt(Manner.values().length)];
            int answer = 1 + random.nextInt(LARGEST);
            String path = manner == Manner.LEAVES_WHILE_THE_BACKEND_WORKS ? "/hold" : "/" + answer;
            String request = request(path, random);
            try (RawClient client = site.client()) {
                switch (manner) {
                    case STAYS -> {
                        assertEquals(answer, client.exchange(request).text().length());
                        whole++;
                    }
                    case LEAVES_WHILE_IT_SENDS -> client.send(request.substring(0, random.nextInt(request.length())));
                    case LEAVES_AFTER_IT_HAS_SENT -> client.send(request);
                    case LEAVES_WHILE_THE_BACKEND_WORKS -> {
                        client.send(request);
                        LockSupport.parkNanos(random.nextInt(20_000_000));
                    }
                    case LEAVES_WHILE_IT_READS -> {
                        assertEquals(200, client.send(request).readHead().status());
                        client.readText(random.nextInt(answer));
                    }
                }
                if (random.nextBoolean()) {
                    client.reset();
                }
            }
        }
        return whole;
    }

    private static String request(String path, Random random) {
        String head = " HTTP/1.1\r\nHost: waffle.test\r\n";
        int length = random.nextInt(LARGEST);
        return random.nextBoolean()
                ? "GET " + path + head + "\r\n"
                : "PUT " + path + head + "Content-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }

    private static void serve(BackendRequest request) throws IOException {
        request.readBody();
        String target = request.head().target();
        switch (target) {
            case "/hold" -> request.connection().awaitEnd();
            case "/counts" -> request.connection().answer(200, "ok");
            default -> request.connection().answer(200, "y".repeat(Integer.parseInt(target.substring(1))));
        }
    }
}
