// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Outcome;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.pool.Standing.Event;
import io.waffle.server.pool.Standing.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The machine does what the tables of docs/architecture.md say: each row of them is walked. */
final class StandingTest {

    private static final Path PAGE = Path.of("..", "docs", "architecture.md");
    private static final EjectionTimes TIMES = failures -> 10L << failures;
    private static final EjectionConfig CONFIG = Configs.ejection(
            false,
            5,
            50,
            20,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            50,
            EjectionConfig.AllDown.FAIL);

    private static final Map<String, Event> EVENTS = Map.of(
            "an attempt ends well", Event.SUCCESS,
            "an attempt fails", Event.FAILURE,
            "its failures are too many, and there are others", Event.CONDEMNED,
            "its time is over", Event.TIME_OVER,
            "`rise` checks in a row pass", Event.CHECKS_PASS,
            "`fall` checks in a row fail", Event.CHECKS_FAIL,
            "there are no checks any more", Event.CHECKS_END);

    /** One cell: what the event makes of a backend that stands so. */
    record Cell(Event event, State from, String becomes) {}

    static Stream<Cell> cells() throws IOException {
        List<List<String>> rows = table("| What happens |");
        List<State> states = rows.getFirst().stream()
                .skip(1)
                .map(name -> State.valueOf(name.toUpperCase(java.util.Locale.ROOT)))
                .toList();
        assertEquals(List.of(State.values()), states);
        assertEquals(EVENTS.size(), rows.size() - 1);
        return rows.stream().skip(1).flatMap(row -> Stream.iterate(0, i -> i + 1)
                .limit(states.size())
                .map(i -> new Cell(EVENTS.get(row.getFirst()), states.get(i), row.get(i + 1))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void eachEventDoesWhatTheTableSays(Cell cell) {
        Standing from = standing(cell.from);
        Standing next = from.on(cell.event, 1_000, TIMES);
        String text = cell.becomes;
        if (text.equals("-")) {
            assertSame(from, next);
            return;
        }
        assertEquals(State.valueOf(text.split(",", 2)[0].toUpperCase(java.util.Locale.ROOT)), next.state());
        assertEquals(from.number() + 1, next.number());
        if (text.contains("twice as long")) {
            assertEquals(1_000 + TIMES.after(2), next.until());
            assertEquals(3, next.ejections());
        } else if (text.contains("behind the others")) {
            assertEquals(
                    List.of(1_000L, from.until(), from.ejections()),
                    List.of(next.since(), next.until(), next.ejections()));
        } else if (text.contains("growth forgotten")) {
            assertEquals(1, next.ejections());
        } else if (next.is(State.PROBATION)) {
            assertEquals(from.ejections(), next.ejections());
        } else {
            assertEquals(next.is(State.EJECTED) ? 1 : 0, next.ejections());
        }
    }

    static Stream<List<String>> verdicts() throws IOException {
        return table("| What an attempt comes to |").stream().skip(1);
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void eachEndCountsAsTheTableSays(List<String> row) {
        for (String end : row.get(1).split(", ")) {
            assertTrue(end.matches("`[0-9A-Z_]+`"), end);
            String name = end.substring(1, end.length() - 1);
            boolean isStatus = Character.isDigit(name.charAt(0));
            int status = isStatus ? Integer.parseInt(name) : 0;
            Outcome.Kind kind = isStatus
                    ? status < 500 ? Outcome.Kind.SUCCESS : Outcome.Kind.SERVER_ERROR
                    : Outcome.Kind.valueOf(name);
            assertEquals(verdict(row.get(2)), Verdict.of(kind, status, CONFIG), end);
        }
    }

    private static Verdict verdict(String words) {
        return switch (words) {
            case "for it" -> Verdict.FOR;
            case "against it" -> Verdict.AGAINST;
            case "as far as it stands out" -> Verdict.DOUBTFUL;
            case "nothing" -> Verdict.NONE;
            default -> throw new AssertionError(words);
        };
    }

    @Test
    void aProbationHasSoManyPlacesAndAsALastResortAsManyAsNeeded() {
        Standing probation = standing(State.PROBATION);
        for (int i = 0; i < Standing.PLACES; i++) {
            assertTrue(!probation.isFull() && probation.enter(false));
        }
        assertTrue(probation.isFull() && !probation.enter(false));
        assertTrue(probation.enter(true));
        probation.leave();
        probation.leave();
        assertTrue(probation.enter(false));
    }

    /** Ejected and on probation: for the second time in a row. */
    private static Standing standing(State state) {
        Standing serving = Standing.first();
        Standing ejected = serving.on(Event.CONDEMNED, 0, TIMES);
        Standing again = ejected.on(Event.TIME_OVER, 10, TIMES).on(Event.FAILURE, 10, TIMES);
        return switch (state) {
            case SERVING -> serving;
            case EJECTED -> again;
            case PROBATION -> again.on(Event.TIME_OVER, 30, TIMES);
            case DOWN -> serving.on(Event.CHECKS_FAIL, 0, TIMES);
        };
    }

    /** The cells of the table that begins so, its head first. */
    private static List<List<String>> table(String begin) throws IOException {
        List<List<String>> rows = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith(begin))
                .takeWhile(line -> line.startsWith("|"))
                .filter(line -> !line.startsWith("|---"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
        assertTrue(rows.size() > 1, begin);
        return rows;
    }
}
