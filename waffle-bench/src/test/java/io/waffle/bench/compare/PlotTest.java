// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.bench.compare.Turn.Quantile;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlotTest {

    private static final Pattern POINT = Pattern.compile("(\\d+\\.\\d),(\\d+\\.\\d) ");
    private static final List<Quantile> CURVE =
            List.of(new Quantile(0, 90), new Quantile(90, 200), new Quantile(99, 1000), new Quantile(100, 7300));

    @Test
    void anAxisHoldsAllValuesBetweenWholeSteps() {
        LogAxis axis = LogAxis.over(90, 7300, 420, 70);
        assertEquals(List.of(50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0), axis.ticks());
        assertEquals(420, axis.place(50), 1e-6);
        assertEquals(70, axis.place(10_000), 1e-6);
        assertTrue(axis.place(90) < 420 && axis.place(7300) > 70);
    }

    @Test
    void anAxisOverOneValueHasTwoEnds() {
        assertEquals(List.of(100.0, 200.0), LogAxis.over(100, 100, 0, 1).ticks());
    }

    @Test
    void betweenTwoPointsOfACurveIsTheLineBetweenThem() {
        assertEquals(200, LatencyPlot.at(CURVE, 90), 1e-9);
        assertEquals(600, LatencyPlot.at(CURVE, 100 - Math.pow(10, 0.5)), 1e-6);
        assertEquals(7300, LatencyPlot.at(CURVE, 99.99), 1e-9);
    }

    @Test
    void everyPointOfALineIsWithinThePlot() {
        String svg = LatencyPlot.draw(row("open-5000", new Turn(Map.of(Metric.P99, 1000.0), CURVE)));
        List<MatchResult> points = POINT.matcher(svg).results().toList();
        assertEquals(80, points.size());
        for (MatchResult point : points) {
            double x = Double.parseDouble(point.group(1));
            double y = Double.parseDouble(point.group(2));
            assertTrue(x >= 80 && x <= 700 && y >= 70 && y <= 420, point.group());
        }
    }

    @Test
    void theLongestBarFillsTheRoomAndItsValueStandsBesideIt() {
        String svg = CpuPlot.draw(List.of(row("small-64", Turn.of(Map.of(Metric.CPU, 16.94)))));
        assertTrue(svg.contains("width=\"540.0\""), svg);
        assertTrue(svg.contains(">16.9 µs<"), svg);
        assertEquals(270, CpuPlot.length(5, 10));
    }

    private static RowResult row(String id, Turn turn) {
        return new RowResult(
                Workloads.find(id).orElseThrow(),
                5,
                "2026-01-01",
                List.of("waffle"),
                List.of("waffle"),
                Map.of("waffle", List.of(turn)),
                List.of());
    }
}
