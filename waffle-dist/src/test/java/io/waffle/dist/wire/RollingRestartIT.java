// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Backends are started anew one after the other, under traffic, and nobody notices but those whose POST was under way. Here are a few ways to do
 * that; with the variable {@code ROLLING_RESTARTS} set, all of them, so many times each (build/rolling-restarts).
 */
final class RollingRestartIT {

    /** Whether all ways are gone, many at once. */
    private static final boolean ALL = System.getenv("ROLLING_RESTARTS") != null;

    private static final int ROUNDS = ALL ? 2 : 1;
    private static final int GETTERS = 8;
    private static final int POSTERS = 4;
    private static final long PAUSE_NANOS = ALL ? 30_000_000 : 3_000_000;

    /** Whoever goes by checks gives them the time to see that a backend is back, before the next one goes: two that pass. */
    private static final int SEEN_MILLIS = 3_000;

    private static final String POST = "POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 5\r\n\r\nhello";

    private final Path log;

    RollingRestartIT(@TempDir Path folder) {
        log = folder.resolve("access.log");
    }

    /**
     * A way to do it.
     *
     * @param gently by SIGTERM; else by SIGKILL
     */
    private record Way(
            int backends, boolean gently, int secondsDown, boolean checked, String strategy, boolean sticky) {

        private String[] flags(List<BackendProcess> all, Path log) {
            List<String> flags = new ArrayList<>(List.of("-lb-strategy", strategy, "-access-log", log.toString()));
            flags.addAll(List.of("-access-log-format", "{time} {method} {status} {fault} {phase} {tries}"));
            if (checked) {
                flags.addAll(List.of("-health-check-kind", "tcp", "-health-check-interval", "1s"));
            }
            if (sticky) {
                flags.addAll(List.of("-sticky-cookie", "home"));
            }
            flags.add("-backends");
            flags.add(String.join(",", all.stream().map(BackendProcess::url).toList()));
            return flags.toArray(String[]::new);
        }
    }

    static Stream<Way> ways() {
        if (!ALL) {
            return Stream.of(
                    new Way(2, true, 1, true, "round-robin", false), new Way(3, false, 1, false, "ip-hash", true));
        }
        List<Way> all = new ArrayList<>();
        for (int backends : new int[] {2, 3, 5}) {
            for (String strategy : List.of("round-robin", "ip-hash", "least-connections")) {
                for (int bits = 0; bits < 16; bits++) {
                    int down = (bits & 1) == 0 ? 1 : 5;
                    all.add(new Way(backends, (bits & 2) == 0, down, (bits & 4) == 0, strategy, (bits & 8) == 0));
                }
            }
        }
        Pattern wanted = Pattern.compile(System.getenv().getOrDefault("ROLLING_RESTARTS_WAYS", ""));
        return Stream.iterate(0, i -> i + 1)
                .limit(Integer.parseInt(System.getenv("ROLLING_RESTARTS")))
                .flatMap(i -> all.stream())
                .filter(way -> wanted.matcher(way.toString()).find());
    }

    @ParameterizedTest
    @MostlyWaits
    @MethodSource("ways")
    @DisplayName("each backend in turn is started anew: no GET fails, and no POST that was not under way")
    void nobodyNotices(Way way) throws Exception {
        List<BackendProcess> backends = new ArrayList<>();
        try {
            for (int i = 0; i < way.backends; i++) {
                backends.add(BackendProcess.open());
            }
            restart(way, backends);
        } finally {
            backends.forEach(BackendProcess::close);
        }
    }

    private void restart(Way way, List<BackendProcess> backends) throws Exception {
        try (WaffleProcess waffle = WaffleProcess.start(way.flags(backends, log));
                Traffic traffic = new Traffic(waffle.port())) {
            for (int i = 0; i < ROUNDS * way.backends; i++) {
                BackendProcess next = backends.get(i % way.backends);
                traffic.awaitMore(200);
                if (way.gently) {
                    next.stop();
                } else {
                    next.kill();
                }
                Thread.sleep(1_000L * way.secondsDown); // the length of this outage
                next.start();
                if (way.checked) {
                    Thread.sleep(SEEN_MILLIS);
                }
            }
            traffic.awaitMore(200);
            traffic.end();
            assertEquals(Map.of(200, traffic.total("GET")), traffic.statuses("GET"), () -> failed(waffle));
            int lost = traffic.total("POST") - traffic.statuses("POST").getOrDefault(200, 0);
            assertTrue(lost <= ROUNDS * way.backends * POSTERS, () -> traffic.statuses("POST") + failed(waffle));
        }
    }

    /** What the log tells of those that failed, and what Waffle said. */
    private String failed(WaffleProcess waffle) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> !line.contains(" 200 "))
                    .collect(Collectors.joining("\n", waffle.output(), "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clients that ask again and again, after a pause, on connections that stay, with the cookie they are given. */
    private static final class Traffic implements AutoCloseable {

        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<?>> clients = new ArrayList<>();
        private final Map<String, Map<Integer, Integer>> statuses = new TreeMap<>();
        private int count;
        private volatile boolean ending;

        Traffic(int port) {
            for (int i = 0; i < GETTERS + POSTERS; i++) {
                String request = i < GETTERS ? GET : POST;
                clients.add(threads.submit(() -> run(port, request)));
            }
        }

        private void run(int port, String request) {
            String cookie = "";
            while (!ending) {
                try (RawClient client = RawClient.to(port)) {
                    while (!ending) {
                        Response response = client.exchange(request.replaceFirst("\r\n", "\r\n" + cookie));
                        cookie = response.value("Set-Cookie")
                                .map(set -> "Cookie: " + set.split(";", 2)[0] + "\r\n")
                                .orElse(cookie);
                        count(request, response.status());
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                } catch (RuntimeException | AssertionError e) {
                    count(request, 0); // it broke off
                }
            }
        }

        private synchronized void count(String request, int status) {
            statuses.computeIfAbsent(request.substring(0, request.indexOf(' ')), method -> new TreeMap<>())
                    .merge(status, 1, Integer::sum);
            count++;
            notifyAll();
        }

        synchronized void awaitMore(int requests) throws InterruptedException {
            int goal = count + requests;
            while (count < goal) {
                wait();
            }
        }

        synchronized Map<Integer, Integer> statuses(String method) {
            return new TreeMap<>(statuses.getOrDefault(method, Map.of()));
        }

        int total(String method) {
            return statuses(method).values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        }

        void end() throws Exception {
            ending = true;
            for (Future<?> client : clients) {
                client.get();
            }
        }

        @Override
        public void close() {
            ending = true;
            threads.close();
        }
    }
}
