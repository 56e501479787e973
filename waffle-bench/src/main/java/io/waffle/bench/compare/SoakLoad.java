// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.Map;

/** Very many requests on one process: its memory at the end, and how much of it the second half has added. */
record SoakLoad(long requests, int connections) implements Load {

    private static final int PIECE_SECONDS = 10;

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.in(Scenario.PLAIN);
        double cpuBefore = proxy.cpuMicros();
        Tally first = run(proxy, lab);
        double half = proxy.residentMebibytes();
        Tally second = run(proxy, lab);
        double all = first.requests + second.requests;
        return Turn.of(Map.of(
                        Metric.REQUESTS, all * 1e6 / (first.micros + second.micros),
                        Metric.CPU, (proxy.cpuMicros() - cpuBefore) / all,
                        Metric.GROWTH, proxy.residentMebibytes() - half))
                .plus(proxy.memory());
    }

    @Override
    public int turns(int asked) {
        return 1;
    }

    @Override
    public void warmUp(Contender contender, Lab lab) {}

    private record Tally(double requests, double micros) {}

    private Tally run(RunningProxy proxy, Lab lab) throws IOException, InterruptedException {
        Tally tally = new Tally(0, 0);
        while (tally.requests < requests / 2.0) {
            Wrk.Result piece = lab.wrk().run(proxy.uri("/small"), connections, PIECE_SECONDS, Wrk.Style.GET);
            tally = new Tally(tally.requests + piece.requests(), tally.micros + piece.micros());
        }
        return tally;
    }
}
