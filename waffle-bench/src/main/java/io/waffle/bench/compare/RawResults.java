// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import com.fasterxml.jackson.jr.ob.JSON;
import io.waffle.bench.compare.Turn.Quantile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The raw figures as a JSON file: the machine, the versions, and each turn of each row. A run replaces the rows it measured and leaves the
 * others, so that a long comparison can be made in pieces.
 */
record RawResults(Map<String, String> machine, Map<String, String> versions, Map<String, RowResult> rows) {

    static RawResults empty() {
        return new RawResults(Map.of(), Map.of(), Map.of());
    }

    static RawResults read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return empty();
        }
        Map<String, Object> all = JSON.std.mapFrom(Files.readString(file));
        Map<String, RowResult> rows = new LinkedHashMap<>();
        object(all.get("rows")).forEach((id, row) -> Workloads.find(id)
                .ifPresent(workload -> rows.put(id, row(workload, object(row)))));
        return new RawResults(texts(all.get("machine")), texts(all.get("versions")), rows);
    }

    /** With those of a run that took place now, on this machine. */
    RawResults plus(Map<String, String> machineNow, Map<String, String> versionsNow, List<RowResult> rowsNow) {
        Map<String, String> allVersions = new LinkedHashMap<>(versions);
        allVersions.putAll(versionsNow);
        Map<String, RowResult> allRows = new LinkedHashMap<>(rows);
        rowsNow.forEach(row -> allRows.put(row.workload().id(), row));
        return new RawResults(machineNow, allVersions, allRows);
    }

    /** In the order in which rows are shown. */
    List<RowResult> inOrder() {
        return Workloads.all().stream()
                .flatMap(row -> Optional.ofNullable(rows.get(row.id())).stream())
                .toList();
    }

    void write(Path file) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("versions", versions);
        Map<String, Object> written = new LinkedHashMap<>();
        inOrder().forEach(row -> written.put(row.workload().id(), tree(row)));
        all.put("rows", written);
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        Files.writeString(file, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all) + "\n");
    }

    private static Map<String, Object> tree(RowResult row) {
        Map<String, Object> proxies = new LinkedHashMap<>();
        row.turns()
                .forEach((proxy, turns) ->
                        proxies.put(proxy, turns.stream().map(RawResults::tree).toList()));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("title", row.workload().title());
        tree.put("date", row.date());
        tree.put("seconds", row.seconds());
        tree.put("ours", row.ours());
        tree.put("judged", row.judged());
        tree.put("failures", row.failures());
        tree.put("turns", proxies);
        return tree;
    }

    private static Map<String, Object> tree(Turn turn) {
        Map<String, Object> tree = new LinkedHashMap<>();
        turn.figures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(figure -> Double.isFinite(figure.getValue()))
                .forEach(figure -> tree.put(figure.getKey().name(), figure.getValue()));
        if (!turn.latencies().isEmpty()) {
            tree.put(
                    "latencies",
                    turn.latencies().stream()
                            .map(point -> List.of(point.percent(), point.micros()))
                            .toList());
        }
        return tree;
    }

    private static RowResult row(Workload workload, Map<String, Object> tree) {
        Map<String, List<Turn>> turns = new LinkedHashMap<>();
        object(tree.get("turns"))
                .forEach((proxy, list) -> turns.put(
                        proxy,
                        list(list).stream().map(turn -> turn(object(turn))).toList()));
        return new RowResult(
                workload,
                (int) number(tree.get("seconds")),
                String.valueOf(tree.get("date")),
                strings(tree.get("ours")),
                strings(tree.get("judged")),
                turns,
                strings(tree.get("failures")));
    }

    private static Turn turn(Map<String, Object> tree) {
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            if (tree.containsKey(metric.name())) {
                figures.put(metric, number(tree.get(metric.name())));
            }
        }
        List<Quantile> latencies = new ArrayList<>();
        for (Object point : list(tree.get("latencies"))) {
            latencies.add(
                    new Quantile(number(list(point).get(0)), number(list(point).get(1))));
        }
        return new Turn(figures, latencies);
    }

    private static Map<String, String> texts(@Nullable Object value) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(value).forEach((name, text) -> texts.put(name, String.valueOf(text)));
        return texts;
    }

    private static List<String> strings(@Nullable Object value) {
        return list(value).stream().map(String::valueOf).toList();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static Map<String, Object> object(@Nullable Object value) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> object.put(String.valueOf(name), member));
        }
        return object;
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }
}
