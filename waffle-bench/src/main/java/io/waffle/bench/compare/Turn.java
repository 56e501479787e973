// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What one proxy yielded in one turn; the curve of latencies only where the load program gives one. */
record Turn(Map<Metric, Double> figures, List<Quantile> latencies) {

    /** This share of the requests, in per cent, took at most so long. */
    record Quantile(double percent, double micros) {}

    Turn {
        figures = Map.copyOf(figures);
        latencies = List.copyOf(latencies);
    }

    static Turn of(Map<Metric, Double> figures) {
        return new Turn(figures, List.of());
    }

    /** This turn with the figures of another added, which win. */
    Turn plus(Map<Metric, Double> more) {
        Map<Metric, Double> all = new EnumMap<>(Metric.class);
        all.putAll(figures);
        all.putAll(more);
        return new Turn(all, latencies);
    }

    double figure(Metric metric) {
        Double value = figures.get(metric);
        return value == null ? Double.NaN : value;
    }
}
