// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import io.waffle.bench.compare.Svg.Anchor;
import io.waffle.bench.compare.Turn.Quantile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Latency by percentile, a line for each proxy. The axis of percentiles gives each further nine the same room. */
final class LatencyPlot {

    private static final int WIDTH = 880;
    private static final int HEIGHT = 480;
    private static final int LEFT = 80;
    private static final int RIGHT = 700;
    private static final int TOP = 70;
    private static final int BOTTOM = 420;

    /** Percentiles 0, 90, 99, 99.9 and 99.99 are at 0 to 4 nines. */
    private static final double NINES = 4;

    private static final int POINTS = 81;
    private static final double[] SHOWN = {0, 50, 90, 99, 99.9, 99.99};

    private LatencyPlot() {}

    static String draw(RowResult row) {
        Map<String, double[]> curves = new LinkedHashMap<>();
        row.turns().forEach((proxy, turns) -> curves.put(proxy, median(turns)));
        double smallest =
                curves.values().stream().mapToDouble(curve -> curve[0]).min().orElse(1);
        double largest = curves.values().stream()
                .mapToDouble(curve -> curve[POINTS - 1])
                .max()
                .orElse(1000);
        LogAxis latency = LogAxis.over(Math.max(smallest, 1), largest, BOTTOM, TOP);
        Svg svg = new Svg(
                WIDTH, HEIGHT, "Latency by percentile: " + row.workload().title());
        svg.text(LEFT, 28, Anchor.START, "font-size=\"17\" font-weight=\"bold\"", "Latency by percentile");
        svg.text(
                LEFT,
                48,
                Anchor.START,
                "fill=\"#555555\"",
                row.workload().title() + "; median of " + row.turnsEach() + " turns");
        axes(svg, latency);
        double[] xs = IntStream.range(0, POINTS).mapToDouble(i -> x(atPoint(i))).toArray();
        curves.forEach((proxy, curve) -> {
            double[] ys = IntStream.range(0, POINTS)
                    .mapToDouble(i -> latency.place(Math.max(curve[i], latency.low())))
                    .toArray();
            svg.curve(xs, ys, Colours.of(proxy), Colours.dash(proxy));
        });
        labels(svg, curves, latency);
        return svg.toString();
    }

    /** The latency that this share of requests does not exceed; between two points of a curve on the line between them. */
    static double at(List<Quantile> latencies, double percent) {
        Quantile before = latencies.getFirst();
        for (Quantile point : latencies) {
            if (point.percent() >= percent) {
                double from = nines(before.percent());
                double way = nines(point.percent()) - from;
                double share = way > 0 && Double.isFinite(way) ? (nines(percent) - from) / way : 1;
                return before.micros() + Math.clamp(share, 0, 1) * (point.micros() - before.micros());
            }
            before = point;
        }
        return before.micros();
    }

    private static double[] median(List<Turn> turns) {
        return IntStream.range(0, POINTS)
                .mapToDouble(i -> Statistics.median(turns.stream()
                        .map(turn -> at(turn.latencies(), 100 - 100 * Math.pow(10, -atPoint(i))))
                        .toList()))
                .toArray();
    }

    private static void axes(Svg svg, LogAxis latency) {
        for (double tick : latency.ticks()) {
            double y = latency.place(tick);
            svg.line(LEFT, y, RIGHT, y, "#dddddd");
            svg.text(LEFT - 8, y + 4, Anchor.END, "", tick < 1000 ? plain(tick) + " µs" : plain(tick / 1000) + " ms");
        }
        for (double percent : SHOWN) {
            double x = x(nines(percent));
            svg.line(x, TOP, x, BOTTOM, "#dddddd");
            svg.text(x, BOTTOM + 20, Anchor.MIDDLE, "", plain(percent) + " %");
        }
        svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "#222222");
        svg.text(
                (LEFT + RIGHT) / 2.0,
                BOTTOM + 44,
                Anchor.MIDDLE,
                "fill=\"#555555\"",
                "share of requests that took at most so long");
    }

    /** Beside the ends of the lines, moved apart where they would overlap. */
    private static void labels(Svg svg, Map<String, double[]> curves, LogAxis latency) {
        List<String> topFirst = curves.keySet().stream()
                .sorted((a, b) -> Double.compare(last(curves, b), last(curves, a)))
                .toList();
        List<Double> places = new ArrayList<>();
        for (String proxy : topFirst) {
            double wanted = latency.place(last(curves, proxy)) + 4;
            places.add(places.isEmpty() ? wanted : Math.max(wanted, places.getLast() + 17));
        }
        for (int i = 0; i < topFirst.size(); i++) {
            String proxy = topFirst.get(i);
            svg.text(
                    RIGHT + 8,
                    places.get(i),
                    Anchor.START,
                    "font-weight=\"bold\" fill=\"" + Colours.of(proxy) + "\"",
                    proxy);
        }
    }

    private static double last(Map<String, double[]> curves, String proxy) {
        double[] curve = curves.get(proxy);
        return curve == null ? 0 : curve[POINTS - 1];
    }

    private static double nines(double percent) {
        return -Math.log10(1 - percent / 100);
    }

    private static double atPoint(int point) {
        return NINES * point / (POINTS - 1);
    }

    private static double x(double nines) {
        return LEFT + nines / NINES * (RIGHT - LEFT);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : Double.toString(number);
    }
}
