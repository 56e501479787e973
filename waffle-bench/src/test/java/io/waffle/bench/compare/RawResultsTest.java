// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.bench.compare.Turn.Quantile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawResultsTest {

    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsReadAgainAndOtherRowsStay() throws IOException {
        Path file = folder.resolve("new/raw.json");
        RowResult first = row("open-5000", 900);
        RawResults.read(file)
                .plus(Map.of("cores", "2"), Map.of("nginx", "1"), List.of(first))
                .write(file);
        RowResult second = row("small-64", 16.5);
        RawResults.read(file)
                .plus(Map.of("cores", "4"), Map.of("waffle", "0"), List.of(second))
                .write(file);

        RawResults read = RawResults.read(file);
        assertEquals(List.of(second, first), read.inOrder());
        assertEquals(Map.of("nginx", "1", "waffle", "0"), read.versions());
        assertEquals(Map.of("cores", "4"), read.machine());
    }

    @Test
    void documentsHoldTheRowsAndKeepThePicks() throws IOException {
        Path page = folder.resolve("benchmarks.md");
        Files.writeString(page, "# Benchmarks\n\nold\n\n## Picks\n\nkept\n\n## Heads\n\nkept too\n");
        RawResults results = RawResults.empty().plus(Map.of("cores", "2"), Map.of(), List.of(row("open-5000", 900)));
        Documents.write(folder, results, "the command");
        Documents.write(folder, results, "the command");

        String text = Files.readString(page);
        assertTrue(text.contains("| waffle | 16.00 | 900 |"), text);
        assertTrue(text.contains("    the command\n"), text);
        assertTrue(text.endsWith("## Picks\n\nkept\n\n## Heads\n\nkept too\n"), text);
        assertTrue(Files.readString(folder.resolve("benchmarks/latency.svg")).startsWith("<svg "));
        assertTrue(Files.exists(folder.resolve("benchmarks/cpu.svg"))
                && Files.exists(folder.resolve("benchmarks/raw.json")));
    }

    private static RowResult row(String id, double p99) {
        Turn turn = new Turn(
                Map.of(Metric.P99, p99, Metric.CPU, 16.0), List.of(new Quantile(0, 90), new Quantile(99.99, p99)));
        return new RowResult(
                Workloads.find(id).orElseThrow(),
                5,
                "2026-01-01",
                List.of("waffle"),
                List.of("waffle"),
                Map.of("waffle", List.of(turn, turn)),
                List.of("caddy: failed"));
    }
}
