// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes docs/benchmarks.md with its plots and raw figures. What other tools measured, under its own headings, stays as it is. */
final class Documents {

    private static final String PICKS = "## Picks";

    private static final String HEAD = """
            # Benchmarks

            ## End to end

            Written by `waffle-bench/compare --write-docs`. It drives Waffle and its peers in turns (A B C A B C ...) over the same backends, on one machine, over
            the loopback interface. Run it yourself: `build/install-peers` installs the peers from Debian, `waffle-bench/compare` does the rest.

                %1$s

            What is equal: two workers or threads each; no access logs; X-Forwarded-For set; round robin over three backends (one nginx process with one worker);
            keep-alive on both sides with room for 256 idle connections to backends and no limit on requests per connection; bodies streamed, not collected in
            files. TLS 1.3 with a P-256 certificate and %2$s: clients offer nothing else. All else is each proxy's default. Client, proxy and
            backends share the cores, so requests/s is what is left to all of them.

            CPU per request is the user and system time of all processes of the proxy, from /proc, by the requests answered. Latencies of most rows are
            those of wrk, which sends a connection's next request when it has the response, and so knows no queue; those of the open loop count from when a request
            was due. RSS is at the end of a turn, and pages that processes share count for each of them. Each row starts new processes and warms
            them up. Ratios are those of medians; in brackets the least and the greatest of the ratios turn by turn.

            `waffle-jdk-scheduler` is Waffle without its own scheduler ([ADR 3](adr/0003-virtual-threads-on-event-loops.md)), started by `java -p lib` alone, `waffle-bare` Waffle without ejection and retries. `floor`
            is a program that only copies bytes between two sockets: two reads and two writes per request. [Raw figures](benchmarks/raw.json).

            The machine

            %3$s
            The versions

            %4$s
            ### Bounds

            What was set out for, and what came of it. "Best peer" is the better of nginx and HAProxy in the row and figure.

            %5$s
            ### CPU per request

            ![CPU per request by workload](benchmarks/cpu.svg)

            """;

    private Documents() {}

    static void write(Path docs, RawResults results, String command) throws IOException {
        Path folder = Files.createDirectories(docs.resolve("benchmarks"));
        Path page = docs.resolve("benchmarks.md");
        List<RowResult> rows = results.inOrder();
        results.write(folder.resolve("raw.json"));
        Files.writeString(folder.resolve("cpu.svg"), CpuPlot.draw(rows));
        StringBuilder text = new StringBuilder(HEAD.formatted(
                command,
                Tls.CIPHER_SUITE,
                list(results.machine()),
                list(results.versions()),
                Report.verdicts(rows).markdown()));
        for (RowResult row : rows) {
            if (isPlotted(row)) {
                Files.writeString(folder.resolve("latency.svg"), LatencyPlot.draw(row));
                text.append("### Latency at a fixed rate\n\n![Latency by percentile](benchmarks/latency.svg)\n\n");
            }
        }
        rows.forEach(row -> text.append(section(row)));
        Files.writeString(page, text.append(kept(page)));
    }

    private static boolean isPlotted(RowResult row) {
        return !row.turns().isEmpty()
                && row.turns().values().stream().flatMap(List::stream).noneMatch(turn -> turn.latencies()
                        .isEmpty());
    }

    private static String section(RowResult row) {
        String text = "### %s%n%n%s. %d turns of %d s, on %s.%n%n%s%n"
                .formatted(
                        row.workload().id(),
                        row.workload().title(),
                        row.turnsEach(),
                        row.seconds(),
                        row.date(),
                        Report.medians(row).markdown());
        Table ratios = Report.ratios(row);
        String failures = row.failures().stream()
                .map(failure -> "Failed: " + failure.lines().findFirst().orElse("") + "\n\n")
                .collect(Collectors.joining());
        return text + (ratios.isEmpty() ? "" : ratios.markdown() + "\n") + failures;
    }

    /** What follows was measured in other ways, and written by hand. */
    private static String kept(Path page) throws IOException {
        String old = Files.exists(page) ? Files.readString(page) : "";
        int start = old.indexOf(PICKS + "\n");
        return start < 0 ? "" : old.substring(start);
    }

    private static String list(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> "- " + entry.getKey() + ": " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
