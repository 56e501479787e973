// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many instances that know nothing of each other are started by the same hand at the same time. */
final class TenInstancesIT {

    private static final int COUNT = 10;
    private static final int REQUESTS_EACH = 100;

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "ip-hash", "least-connections"})
    @DisplayName("ten instances over ten backends: of what comes first, none gets more than 1.5 times the mean")
    void spread(String strategy) throws Exception {
        List<ScriptedBackend> backends =
                Stream.generate(ScriptedBackend::start).limit(COUNT).toList();
        AtomicInteger address = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> instances = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                instances.add(threads.submit(() -> {
                    try (WaffleProcess waffle =
                            WaffleProcess.start("-lb-strategy", strategy, "-backends", Site.urls(backends))) {
                        for (int n = 0; n < REQUESTS_EACH; n++) {
                            get(waffle.port(), address.getAndIncrement());
                        }
                    }
                }));
            }
            for (Future<?> instance : instances) {
                instance.get();
            }
            List<Integer> counts =
                    backends.stream().map(backend -> backend.taken().size()).toList();
            assertEquals(
                    COUNT * REQUESTS_EACH,
                    counts.stream().mapToInt(count -> count).sum());
            counts.forEach(count -> assertTrue(count <= 1.5 * REQUESTS_EACH, counts::toString));
        } finally {
            backends.forEach(ScriptedBackend::close);
        }
    }

    private static void get(int port, int address) {
        try (RawClient client = RawClient.from("127.2." + address / 250 + "." + (1 + address % 250), port)) {
            assertEquals(200, client.exchangeGet("/").status());
        }
    }
}
