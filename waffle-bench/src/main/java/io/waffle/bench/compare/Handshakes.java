// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** New TLS connections only, each with a full handshake and one request, as fast as they come about. CPU is per handshake. */
record Handshakes(int concurrent) implements Load {

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.in(Scenario.TLS);
        double before = proxy.cpuMicros();
        Map<String, Object> results = LoadProgram.flawless("TlsChurn", arguments(proxy, 0, concurrent, lab.seconds()));
        double cpu = proxy.cpuMicros() - before;
        double handshakes = LoadProgram.number(results, "handshakes");
        return Turn.of(Map.of(
                        Metric.HANDSHAKES,
                        handshakes / lab.seconds(),
                        Metric.CPU,
                        cpu / handshakes,
                        Metric.P50,
                        LoadProgram.number(results, "p50_us"),
                        Metric.P99,
                        LoadProgram.number(results, "p99_us")))
                .plus(proxy.memory());
    }

    /** At a rate of 0: as fast as they come about. */
    static List<String> arguments(RunningProxy proxy, int rate, int concurrent, int seconds) {
        return List.of(
                "--url", proxy.uri("/small").toString(),
                "--rate", Integer.toString(rate),
                "--concurrent", Integer.toString(concurrent),
                "--seconds", Integer.toString(seconds));
    }
}
