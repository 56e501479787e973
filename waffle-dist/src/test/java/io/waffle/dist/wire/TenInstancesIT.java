// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many instances that know nothing of each other are started by the same hand at the same time. */
final class TenInstancesIT {

    private static final int COUNT = 10;
    private static final int REQUESTS_EACH = 100;

    private static final List<String> STRATEGIES = List.of("round-robin", "ip-hash", "least-connections");

    private final List<ScriptedBackend> backends =
            Stream.generate(ScriptedBackend::start).limit(COUNT).toList();

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
    }

    @Test
    @DisplayName(
            "ten instances over ten backends, under each strategy: of what comes first, none gets more than 1.5 times the mean")
    void spread(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("waffle.yaml"), yaml());
        AtomicInteger address = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> instances = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                instances.add(threads.submit(() -> {
                    try (WaffleProcess waffle = WaffleProcess.start("-config", config.toString())) {
                        for (int n = 0; n < REQUESTS_EACH; n++) {
                            get(waffle.port(), address.getAndIncrement());
                        }
                    }
                }));
            }
            for (Future<?> instance : instances) {
                instance.get();
            }
        }
        List<List<BackendRequest>> taken =
                backends.stream().map(ScriptedBackend::taken).toList();
        for (String strategy : STRATEGIES) {
            List<Integer> counts =
                    taken.stream().map(requests -> count(requests, strategy)).toList();
            assertEquals(
                    COUNT * REQUESTS_EACH,
                    counts.stream().mapToInt(count -> count).sum());
            counts.forEach(count -> assertTrue(count <= 1.5 * REQUESTS_EACH, () -> strategy + " " + counts));
        }
    }

    /** A pool of all backends for each strategy, at the path of its name. */
    private String yaml() {
        StringBuilder pools = new StringBuilder("pools:\n");
        StringBuilder routes = new StringBuilder("routes:\n");
        for (String strategy : STRATEGIES) {
            pools.append("  ")
                    .append(strategy)
                    .append(": {load_balancing: {strategy: ")
                    .append(strategy);
            pools.append("}, backends: [").append(Site.urls(backends)).append("]}\n");
            routes.append("  - {path: /")
                    .append(strategy)
                    .append(", to: ")
                    .append(strategy)
                    .append("}\n");
        }
        return pools.append(routes).toString();
    }

    private static int count(List<BackendRequest> requests, String strategy) {
        return Math.toIntExact(requests.stream()
                .filter(request -> request.head().target().equals("/" + strategy))
                .count());
    }

    private static void get(int port, int address) {
        for (String strategy : STRATEGIES) {
            try (RawClient client = RawClient.from("127.2." + address / 250 + "." + (1 + address % 250), port)) {
                assertEquals(200, client.exchangeGet("/" + strategy).status());
            }
        }
    }
}
