// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What small clients notice of a few that take all they can get from the same proxy: the latency of requests at a fixed rate, beside them and
 * beside the same clients at a second proxy of the same kind, so that the machine is as busy either way.
 */
record BesideHogs(OpenLoopLoad small, Kind kind, int hogs) implements Load {

    private static final int WARM_UP_SECONDS = 5;

    /** As the program {@code Hogs} knows them, and what they ask for. */
    enum Kind {
        DOWNLOADS("/1m"),
        UPLOADS("/upload"),
        PIPELINED("/small"),
        BYTES("/small");

        private final String path;

        Kind(String path) {
            this.path = path;
        }
    }

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.in(small.scenario());
        Map<String, Object> elsewhere;
        try (Contender other = new Contender(contender.peer(), lab)) {
            RunningProxy second = other.in(small.scenario());
            LoadProgram.results("Hogs", arguments(second, WARM_UP_SECONDS));
            elsewhere = beside(proxy, second, lab);
        }
        Map<String, Object> with = beside(proxy, proxy, lab);
        double without = LoadProgram.number(elsewhere, "p99_us");
        double p99 = LoadProgram.number(with, "p99_us");
        return Turn.of(Map.of(
                Metric.P50,
                LoadProgram.number(with, "p50_us"),
                Metric.P99,
                p99,
                Metric.P999,
                LoadProgram.number(with, "p999_us"),
                Metric.P99_WITHOUT,
                without,
                Metric.P99_GROWN,
                p99 / without));
    }

    /** Each turn loads the proxy for longer than its compiler takes, before what counts. */
    @Override
    public void warmUp(Contender contender, Lab lab) throws IOException, InterruptedException {
        LoadProgram.results("Hogs", arguments(contender.in(small.scenario()), JAVA_WARM_UP_SECONDS));
    }

    private List<String> arguments(RunningProxy laden, int seconds) {
        List<String> arguments = new ArrayList<>(List.of(
                "--url", laden.uri(kind.path).toString(),
                "--kind", kind.name().toLowerCase(Locale.ROOT),
                "--clients", Integer.toString(hogs),
                "--seconds", Integer.toString(seconds)));
        if (small.scenario().tls()) {
            arguments.add("--insecure");
        }
        return arguments;
    }

    private Map<String, Object> beside(RunningProxy measured, RunningProxy laden, Lab lab)
            throws IOException, InterruptedException {
        FutureTask<Map<String, Object>> load =
                new FutureTask<>(() -> LoadProgram.results("Hogs", arguments(laden, small.durationSeconds(lab))));
        Thread.ofPlatform().daemon().name("hogs").start(load);
        Map<String, Object> results = small.run(measured, lab);
        try {
            load.get();
        } catch (ExecutionException e) {
            throw new IOException("the clients beside failed: " + e.getCause(), e);
        }
        return results;
    }
}
