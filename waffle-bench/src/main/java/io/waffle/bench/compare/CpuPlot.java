// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import io.waffle.bench.compare.Svg.Anchor;
import java.util.List;
import java.util.Locale;

/** CPU per request: a group of bars for each workload, each group with a scale of its own, since workloads differ a hundredfold. */
final class CpuPlot {

    private static final int WIDTH = 860;
    private static final int LEFT = 190;
    private static final int ROOM = 540;
    private static final int TOP = 80;
    private static final int BAR = 15;
    private static final int PITCH = 18;
    private static final int HEAD = 26;
    private static final int GAP = 14;

    private CpuPlot() {}

    static String draw(List<RowResult> all) {
        List<RowResult> rows = all.stream().filter(CpuPlot::hasCpu).toList();
        int height = TOP + GAP + rows.stream().mapToInt(CpuPlot::height).sum();
        Svg svg = new Svg(WIDTH, height, "CPU time per request by workload");
        svg.text(20, 28, Anchor.START, "font-size=\"17\" font-weight=\"bold\"", "CPU time per request");
        svg.text(
                20,
                48,
                Anchor.START,
                "fill=\"#555555\"",
                "user and system time of the proxy's own processes, median; less is better; each workload has its own scale");
        double y = TOP;
        for (RowResult row : rows) {
            group(svg, row, y);
            y += height(row);
        }
        return svg.toString();
    }

    /** The room a bar takes, in a group whose largest value fills all there is. */
    static double length(double value, double largest) {
        return ROOM * value / largest;
    }

    private static void group(Svg svg, RowResult row, double top) {
        svg.text(
                20,
                top + 14,
                Anchor.START,
                "font-weight=\"bold\"",
                row.workload().title());
        double largest = row.turns().keySet().stream()
                .mapToDouble(proxy -> row.median(proxy, Metric.CPU))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        double y = top + HEAD;
        for (String proxy : row.turns().keySet()) {
            double value = row.median(proxy, Metric.CPU);
            double length = length(value, largest);
            svg.text(LEFT - 8, y + 12, Anchor.END, "", proxy);
            svg.bar(LEFT, y, length, BAR, Colours.of(proxy));
            svg.text(LEFT + length + 6, y + 12, Anchor.START, "", String.format(Locale.ROOT, "%,.1f µs", value));
            y += PITCH;
        }
        svg.line(LEFT, top + HEAD - 3, LEFT, y, "#222222");
    }

    private static int height(RowResult row) {
        return HEAD + PITCH * row.turns().size() + GAP;
    }

    private static boolean hasCpu(RowResult row) {
        return row.turns().keySet().stream().anyMatch(proxy -> Double.isFinite(row.median(proxy, Metric.CPU)));
    }
}
