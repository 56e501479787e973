// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Keep-alive clients that have asked once and hold on: what each adds to the memory of a proxy that has just started, and what others
 * notice of them. Every turn has a new process, since memory once taken is rarely given back.
 */
record IdleClientsLoad(int clients, WrkLoad beside) implements Load {

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.fresh(beside.scenario());
        double memoryBefore = proxy.residentMebibytes();
        double memory;
        Turn with;
        ManagedProcess idle = hold(proxy);
        try (idle) {
            memory = proxy.residentMebibytes();
            beside.warmUp(contender, lab);
            with = beside.measure(contender, lab);
            idle.input().close();
            idle.await();
        }
        Turn without = beside.measure(contender, lab);
        return with.plus(Map.of(
                Metric.PER_CONNECTION, (memory - memoryBefore) * 1024 / clients,
                Metric.REQUESTS_WITHOUT, without.figure(Metric.REQUESTS),
                Metric.REQUESTS_KEPT, with.figure(Metric.REQUESTS) / without.figure(Metric.REQUESTS)));
    }

    /** Each turn warms up for itself. */
    @Override
    public void warmUp(Contender contender, Lab lab) {}

    private ManagedProcess hold(RunningProxy proxy) throws IOException {
        List<String> arguments =
                List.of("--address", "127.0.0.1:" + proxy.port(), "--connections", Integer.toString(clients));
        return LoadProgram.held("IdleClients", List.of(), arguments);
    }
}
