// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import io.waffle.bench.compare.Statistics.Ratio;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of one row. */
final class Report {

    private Report() {}

    /** For the terminal: medians, ratios and verdicts, one under the other. */
    static String text(RowResult row) {
        StringBuilder text = new StringBuilder("\n%s: %s (%d turns of %d s)%n"
                .formatted(row.workload().id(), row.workload().title(), row.turnsEach(), row.seconds()));
        for (Table table : List.of(medians(row), ratios(row), verdicts(List.of(row)))) {
            if (!table.isEmpty()) {
                text.append(table.text()).append('\n');
            }
        }
        row.failures()
                .forEach(failure -> text.append("  FAILED: ").append(failure).append('\n'));
        return text.toString();
    }

    static Table medians(RowResult row) {
        Table table = table("medians", row.metrics().stream().map(Metric::label).toList());
        row.turns()
                .forEach((proxy, turns) -> table.add(line(
                        proxy,
                        row.metrics().stream()
                                .map(metric -> show(metric, turns))
                                .toList())));
        return table;
    }

    /** Each build of Waffle to each other proxy: the ratio of medians, and in brackets those of single turns. */
    static Table ratios(RowResult row) {
        List<Metric> metrics =
                row.metrics().stream().filter(m -> m != Metric.PEAK).toList();
        Table table = table("ratios", metrics.stream().map(Metric::label).toList());
        for (String own : row.ours()) {
            if (row.turns().containsKey(own)) {
                row.comparedTo(own)
                        .forEach(other -> table.add(line(
                                own + " / " + other,
                                metrics.stream()
                                        .map(m -> ratio(row, own, other, m))
                                        .toList())));
            }
        }
        return table;
    }

    static Table verdicts(List<RowResult> rows) {
        Table table = table("row", List.of("proxy", "figure", "measured", "must be", "aim for", "verdict"));
        for (RowResult row : rows) {
            for (Verdict v : row.verdicts()) {
                table.add(List.of(
                        row.workload().id(),
                        v.proxy(),
                        v.what(),
                        v.shown(),
                        v.must(),
                        v.aim(),
                        v.state().label()));
            }
        }
        return table;
    }

    private static String show(Metric metric, List<Turn> turns) {
        double median = Statistics.median(turns, metric);
        return Double.isFinite(median) ? metric.show(median) : "-";
    }

    private static String ratio(RowResult row, String own, String other, Metric metric) {
        Ratio ratio = row.ratio(own, other, metric);
        return Double.isFinite(ratio.median())
                ? String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", ratio.median(), ratio.lowest(), ratio.highest())
                : "-";
    }

    private static Table table(String first, List<String> others) {
        return new Table(line(first, others));
    }

    private static List<String> line(String first, List<String> others) {
        List<String> line = new ArrayList<>(List.of(first));
        line.addAll(others);
        return line;
    }
}
