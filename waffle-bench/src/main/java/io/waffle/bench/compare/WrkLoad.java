// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.Map;

/** Requests as fast as they are answered, over so many connections. */
record WrkLoad(Scenario scenario, String path, int connections, Wrk.Style style) implements Load {

    static WrkLoad get(Scenario scenario, String path, int connections) {
        return new WrkLoad(scenario, path, connections, Wrk.Style.GET);
    }

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.in(scenario);
        double before = proxy.cpuMicros();
        Wrk.Result result = lab.wrk().run(proxy.uri(path), connections, lab.seconds(), style);
        double cpu = proxy.cpuMicros() - before;
        return Turn.of(result.figures())
                .plus(Map.of(Metric.CPU, cpu / result.requests()))
                .plus(proxy.memory());
    }
}
