// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.bench.compare.Verdict.State;
import io.waffle.bench.compare.Workload.Field;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Workload ROW = new Workload(
            "row",
            "a row",
            WrkLoad.get(Scenario.PLAIN, "/", 1),
            Field.PLAIN,
            List.of(Bound.best(Metric.CPU, 1.0, 0.8)));

    @Test
    void thePeerThatIsBetterInTheFigureCounts() {
        RowResult row = row(Map.of(
                "waffle",
                StatisticsTest.turns(9),
                "nginx",
                StatisticsTest.turns(12),
                "haproxy",
                StatisticsTest.turns(10)));
        Verdict verdict = row.verdicts().getFirst();
        assertEquals(Optional.of("haproxy"), verdict.peer());
        assertEquals(0.9, verdict.value().median());
        assertEquals(State.MET, verdict.state());
        assertEquals("0.90 (0.90 to 0.90)", verdict.shown());
    }

    @Test
    void whereMoreIsBetterTheBoundIsTheLeast() {
        Bound bound = Bound.itself(Metric.REQUESTS_KEPT, 0.9, 0.98);
        assertEquals(State.MISSED, state(bound, 0.89));
        assertEquals(State.MET, state(bound, 0.9));
        assertEquals(State.REACHED, state(bound, 1.1));
    }

    @Test
    void withoutAPeerThereIsNoVerdict() {
        assertEquals(List.of(), row(Map.of("waffle", StatisticsTest.turns(9))).verdicts());
    }

    private static State state(Bound bound, double value) {
        List<Turn> turns = List.of(Turn.of(Map.of(bound.metric(), value)));
        return Verdict.of("waffle", bound, row(Map.of("waffle", turns)))
                .orElseThrow()
                .state();
    }

    private static RowResult row(Map<String, List<Turn>> turns) {
        return new RowResult(ROW, 5, "2026-01-01", List.of("waffle"), List.of("waffle"), turns, List.of());
    }
}
