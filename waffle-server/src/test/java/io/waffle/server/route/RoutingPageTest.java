// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What the page about routing shows by examples is so. */
class RoutingPageTest {

    private static final Path PAGE = Path.of("..", "docs", "routing.md");

    @Test
    void theMorePreciseWins() throws Exception {
        List<String[]> rows = rows("| A request |");
        assertTrue(rows.size() > 5);
        for (String[] row : rows) {
            RouteTable<String> table = RouteTable.of(
                    List.of(Asked.rule("a", Asked.match(words(row[2]))), Asked.rule("z", Asked.match(words(row[1])))));
            assertEquals("z", Asked.route(table, Asked.request(row[0])), () -> String.join(" | ", row));
            RouteTable<String> alone = RouteTable.of(List.of(Asked.rule("a", Asked.match(words(row[2])))));
            assertEquals("a", Asked.route(alone, Asked.request(row[0])), () -> String.join(" | ", row));
        }
    }

    @Test
    void whatCanBeReadInTwoWaysIsRefusedIfItLeadsElsewhere() throws Exception {
        List<String[]> rows = rows("| Path |");
        assertTrue(rows.size() > 5);
        RouteTable<String> table = RouteTable.of(List.of(
                Asked.rule("passes", Asked.match("path=/public")), Asked.rule("admin", Asked.match("path=/admin"))));
        for (String[] row : rows) {
            RouteExplanation why = table.explain(Asked.request("GET h" + row[0]));
            String answer = why.rule() == RouteTable.AMBIGUOUS ? "refused" : Asked.name(table, why.rule());
            assertEquals(row[1], answer, row[0]);
            PathReading reading = new PathReading();
            byte[] raw = PathCheck.bytes(row[0]);
            reading.read(raw, raw.length, PathReading.ALL | PathReading.MERGED);
            assertEquals(row[2], RouteExplainer.text(reading.bytes(), reading.length()));
        }
    }

    /** The cells of the table with this head, without their backticks. */
    private static List<String[]> rows(String head) throws IOException {
        List<String[]> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(PAGE);
        int at = 0;
        while (!lines.get(at).startsWith(head)) {
            at++;
        }
        for (at += 2; lines.get(at).startsWith("|"); at++) {
            String[] cells = lines.get(at).substring(2).split(" \\| ?");
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cells[i].replace("`", "").strip();
            }
            rows.add(cells);
        }
        return rows;
    }

    private static String words(String yaml) {
        Map<String, Object> match = new Yaml().load(yaml);
        StringBuilder words = new StringBuilder();
        match.forEach((name, value) -> {
            switch (name) {
                case "hosts" ->
                    ((List<?>) value).forEach(host -> words.append(" host=").append(host));
                case "method" -> words.append(" method=").append(value);
                case "query" ->
                    ((Map<?, ?>) value).forEach((key, text) -> words.append(" query=")
                            .append(key)
                            .append('=')
                            .append(text));
                default -> words.append(path(value));
            }
        });
        return words.substring(1);
    }

    private static String path(Object value) {
        if (value instanceof Map<?, ?> one) {
            Map.Entry<?, ?> entry = one.entrySet().iterator().next();
            return " " + entry.getKey() + "=" + entry.getValue();
        }
        return " path=" + value;
    }
}
