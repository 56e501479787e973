// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.Map;

/** The same load before many backends and before three, one after the other in each turn. */
record ManyBackends(int backends, String strategy, int connections) implements Load {

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        Turn many = load(backends).measure(contender, lab);
        double few = load(3).measure(contender, lab).figure(Metric.REQUESTS);
        return many.plus(
                Map.of(Metric.REQUESTS_WITHOUT, few, Metric.REQUESTS_KEPT, many.figure(Metric.REQUESTS) / few));
    }

    private WrkLoad load(int count) {
        return WrkLoad.get(Scenario.many(count, strategy), "/small", connections);
    }
}
