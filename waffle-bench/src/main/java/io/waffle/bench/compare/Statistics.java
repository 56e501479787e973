// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.List;
import java.util.stream.IntStream;

/** Medians, and how two proxies that ran in turns relate. */
final class Statistics {

    private Statistics() {}

    /** A ratio of medians; the spread is that of the ratios turn by turn, which share what else the machine did meanwhile. */
    record Ratio(double median, double lowest, double highest) {}

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double median(List<Turn> turns, Metric metric) {
        return median(values(turns, metric));
    }

    /** How the first relates to the second; not a number where one of them has no such figure. */
    static Ratio ratio(List<Turn> first, List<Turn> second, Metric metric) {
        double median = median(first, metric) / median(second, metric);
        double[] single = IntStream.range(0, Math.min(first.size(), second.size()))
                .mapToDouble(i -> first.get(i).figure(metric) / second.get(i).figure(metric))
                .filter(Double::isFinite)
                .toArray();
        return new Ratio(
                median,
                IntStream.range(0, single.length)
                        .mapToDouble(i -> single[i])
                        .min()
                        .orElse(median),
                IntStream.range(0, single.length)
                        .mapToDouble(i -> single[i])
                        .max()
                        .orElse(median));
    }

    /** A figure by itself: its median, least and greatest. */
    static Ratio spread(List<Turn> turns, Metric metric) {
        List<Double> values = values(turns, metric);
        return new Ratio(
                median(values),
                values.stream().mapToDouble(v -> v).min().orElse(Double.NaN),
                values.stream().mapToDouble(v -> v).max().orElse(Double.NaN));
    }

    private static List<Double> values(List<Turn> turns, Metric metric) {
        return turns.stream()
                .map(turn -> turn.figure(metric))
                .filter(Double::isFinite)
                .toList();
    }
}
