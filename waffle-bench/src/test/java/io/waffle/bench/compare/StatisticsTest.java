// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.bench.compare.Statistics.Ratio;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void theMedianIsTheMiddleOrBetweenTheTwoInTheMiddle() {
        assertEquals(2, Statistics.median(List.of(9.0, 1.0, 2.0)));
        assertEquals(2.5, Statistics.median(List.of(9.0, 1.0, 2.0, 3.0)));
        assertTrue(Double.isNaN(Statistics.median(List.of())));
    }

    @Test
    void aRatioIsOfMediansAndItsSpreadOfSingleTurns() {
        Ratio ratio = Statistics.ratio(turns(10, 20, 60), turns(10, 40, 30), Metric.CPU);
        assertEquals(new Ratio(20 / 30.0, 0.5, 2), ratio);
    }

    @Test
    void turnsWithoutTheFigureDoNotCount() {
        assertTrue(
                Double.isNaN(Statistics.ratio(turns(1), List.of(), Metric.CPU).median()));
        assertTrue(Double.isNaN(Statistics.ratio(turns(1), turns(1), Metric.P99).median()));
    }

    @Test
    void theSpreadOfAFigureIsItsLeastAndGreatest() {
        assertEquals(new Ratio(3, 1, 7), Statistics.spread(turns(7, 1, 3), Metric.CPU));
    }

    static List<Turn> turns(double... cpu) {
        return DoubleStream.of(cpu)
                .mapToObj(micros -> Turn.of(Map.of(Metric.CPU, micros)))
                .toList();
    }
}
