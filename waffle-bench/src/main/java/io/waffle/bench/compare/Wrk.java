// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;

/**
 * The client of most rows: as many connections as asked for, each of which sends its next request when it has the response, driven by one
 * thread. A script tells the results in one line; it runs when the load is over and costs nothing before.
 */
record Wrk(Path executable, Path folder, Map<String, String> environment) {

    /** What is asked. */
    enum Style {
        GET(""),
        POST_1M("wrk.method = 'POST'; wrk.body = string.rep('x', 1048576)"),
        CLOSE("wrk.headers['Connection'] = 'close'");

        private final String script;

        Style(String script) {
            this.script = script;
        }
    }

    private static final String DONE = """
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("compare: %d %d %d %d %d %d\\n", summary.requests, summary.duration,
                latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
                e.connect + e.read + e.write + e.status + e.timeout))
            end
            """;

    /** What happened, with times in microseconds. */
    record Result(double requests, double micros, double p50, double p99, double p999, double errors) {

        static Result parse(String output) throws IOException {
            String line = output.lines()
                    .filter(text -> text.startsWith("compare: "))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no results of wrk in: " + output));
            Scanner numbers = new Scanner(line.substring("compare: ".length()));
            return new Result(
                    numbers.nextLong(),
                    numbers.nextLong(),
                    numbers.nextLong(),
                    numbers.nextLong(),
                    numbers.nextLong(),
                    numbers.nextLong());
        }

        double perSecond() {
            return requests * 1e6 / micros;
        }

        Map<Metric, Double> figures() {
            return Map.of(Metric.REQUESTS, perSecond(), Metric.P50, p50, Metric.P99, p99, Metric.P999, p999);
        }
    }

    static Wrk in(Path folder, Path executable) throws IOException {
        for (Style style : Style.values()) {
            Files.writeString(folder.resolve(style + ".lua"), style.script + "\n" + DONE);
        }
        return new Wrk(executable, folder, new HashMap<>(Tls.openssl(folder)));
    }

    /** Loads the proxy for so long; an error of any kind, or an answer of another class than 2xx and 3xx, is a failure. */
    Result run(URI uri, int connections, int seconds, Style style) throws IOException, InterruptedException {
        String output = Commands.run(
                List.of(
                        executable.toString(),
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "--timeout",
                        "10s",
                        "-s",
                        folder.resolve(style + ".lua").toString(),
                        uri.toString()),
                environment);
        Result result = Result.parse(output);
        if (result.errors() > 0 || result.requests() == 0) {
            throw new IOException("wrk met errors: " + output);
        }
        return result;
    }
}
