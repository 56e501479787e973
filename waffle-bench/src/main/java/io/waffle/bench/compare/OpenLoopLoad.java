// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import io.waffle.bench.compare.Turn.Quantile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests at a fixed rate, whatever becomes of those before: latencies count from when a request was due. */
record OpenLoopLoad(Scenario scenario, String path, int rate, int connections) implements Load {

    /** For the compiler of the load program; the proxy is loaded meanwhile as it is afterwards. */
    private static final int MOST_WARM_UP_SECONDS = 3;

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.in(scenario);
        double before = proxy.cpuMicros();
        Map<String, Object> results = run(proxy, lab);
        double cpu = proxy.cpuMicros() - before;
        double sent = (double) rate * durationSeconds(lab);
        Map<Metric, Double> figures = Map.of(
                Metric.REQUESTS,
                LoadProgram.number(results, "requests") / lab.seconds(),
                Metric.CPU,
                cpu / sent,
                Metric.P50,
                LoadProgram.number(results, "p50_us"),
                Metric.P99,
                LoadProgram.number(results, "p99_us"),
                Metric.P999,
                LoadProgram.number(results, "p999_us"));
        return new Turn(figures, curve(results)).plus(proxy.memory());
    }

    /** The run as a whole, with what is not measured. */
    int durationSeconds(Lab lab) {
        return warmUpSeconds(lab) + lab.seconds();
    }

    Map<String, Object> run(RunningProxy proxy, Lab lab) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "--url", proxy.uri(path).toString(),
                "--rate", Integer.toString(rate),
                "--connections", Integer.toString(connections),
                "--seconds", Integer.toString(lab.seconds()),
                "--warm-up", Integer.toString(warmUpSeconds(lab))));
        if (scenario.tls()) {
            arguments.add("--insecure");
        }
        return LoadProgram.flawless("OpenLoop", arguments);
    }

    private static int warmUpSeconds(Lab lab) {
        return Math.min(MOST_WARM_UP_SECONDS, lab.seconds());
    }

    private static List<Quantile> curve(Map<String, Object> results) throws IOException {
        List<Quantile> curve = new ArrayList<>();
        if (results.get("histogram") instanceof List<?> steps) {
            for (Object step : steps) {
                if (step instanceof List<?> pair
                        && pair.get(0) instanceof Number percent
                        && pair.get(1) instanceof Number micros) {
                    curve.add(new Quantile(percent.doubleValue(), micros.doubleValue()));
                }
            }
        }
        if (curve.isEmpty()) {
            throw new IOException("histogram: missing in the results of OpenLoop");
        }
        return curve;
    }
}
