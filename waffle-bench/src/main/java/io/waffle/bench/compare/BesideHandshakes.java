// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What established TLS clients notice of new ones: the latency of requests at a fixed rate, without and with handshakes beside them. A proxy
 * that cannot keep up with the handshakes shows it in their number; those it leaves unfinished are no failure of the row.
 */
record BesideHandshakes(OpenLoopLoad established, int handshakesPerSecond) implements Load {

    private static final int CONCURRENT = 64;

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.in(established.scenario());
        double without = LoadProgram.number(established.run(proxy, lab), "p99_us");
        int seconds = established.durationSeconds(lab);
        FutureTask<Map<String, Object>> churn = new FutureTask<>(() ->
                LoadProgram.results("TlsChurn", Handshakes.arguments(proxy, handshakesPerSecond, CONCURRENT, seconds)));
        Thread.ofPlatform().daemon().name("handshakes").start(churn);
        Map<String, Object> beside = established.run(proxy, lab);
        double with = LoadProgram.number(beside, "p99_us");
        return Turn.of(Map.of(
                        Metric.HANDSHAKES,
                        LoadProgram.number(result(churn), "handshakes") / seconds,
                        Metric.P50,
                        LoadProgram.number(beside, "p50_us"),
                        Metric.P99,
                        with,
                        Metric.P99_WITHOUT,
                        without,
                        Metric.P99_GROWN,
                        with / without))
                .plus(proxy.memory());
    }

    private static Map<String, Object> result(FutureTask<Map<String, Object>> churn)
            throws IOException, InterruptedException {
        try {
            return churn.get();
        } catch (ExecutionException e) {
            throw new IOException("the handshakes beside failed: " + e.getCause(), e);
        }
    }
}
