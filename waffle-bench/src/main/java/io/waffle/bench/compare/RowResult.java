// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a row yielded: the turns of each proxy, by name, in the order they ran. {@code judged} are those held to the bounds, {@code ours} all
 * builds of Waffle.
 */
record RowResult(
        Workload workload,
        int seconds,
        String date,
        List<String> ours,
        List<String> judged,
        Map<String, List<Turn>> turns,
        List<String> failures) {

    List<Verdict> verdicts() {
        return judged.stream()
                .filter(turns::containsKey)
                .flatMap(proxy -> workload.bounds().stream().flatMap(bound -> Verdict.of(proxy, bound, this).stream()))
                .toList();
    }

    /** The turns of a proxy; none if it did not take part. */
    List<Turn> of(String proxy) {
        return turns.getOrDefault(proxy, List.of());
    }

    double median(String proxy, Metric metric) {
        return Statistics.median(of(proxy), metric);
    }

    Statistics.Ratio ratio(String proxy, String other, Metric metric) {
        return Statistics.ratio(of(proxy), of(other), metric);
    }

    /** Those that somebody has a figure of. */
    List<Metric> metrics() {
        return Arrays.stream(Metric.values())
                .filter(metric -> turns.values().stream().flatMap(List::stream).anyMatch(turn -> turn.figures()
                        .containsKey(metric)))
                .toList();
    }

    /** Whom a build of Waffle is set in relation to: every other proxy, and builds before it. */
    Stream<String> comparedTo(String proxy) {
        return turns.keySet().stream()
                .filter(other -> !other.equals(proxy))
                .filter(other -> !ours.contains(other) || ours.indexOf(other) < ours.indexOf(proxy));
    }

    int turnsEach() {
        return turns.values().stream().mapToInt(List::size).max().orElse(0);
    }
}
