// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with what a route does is said with its place, its value and what was expected. */
final class WrongRoutePolicyTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'maintenance: maybe'                       | waffle.yaml:3: routes[0].maintenance: maybe (expected: true or false)
            'maintenance: {enabled: yes}'              | routes[0].maintenance.enabled: yes (expected: true or false)
            'maintenance: {retry_after: 0s}'           | routes[0].maintenance.retry_after: 0s (expected: a duration of 1s to 9600h
            'maintenance: {file: no.html}'             | no.html (expected: a file that can be read; there is none)
            'maintenance: {file: large.html}'          | large.html (expected: a file of at most 1 MiB)
            'maintenance: {content_type: html}'        | routes[0].maintenance.content_type: html (expected: a media type
            'maintenance: {except: [10.1.1.1/8]}'      | routes[0].maintenance.except[0]: 10.1.1.1/8 (expected: no bits beyond
            'maintenance: {ecxept: [10.0.0.0/8]}'      | routes[0].maintenance.ecxept: unknown key (did you mean except?)
            'errors: {404: no.html}'                   | waffle.yaml:3: routes[0].errors.404:
            'errors: {399: page.html}'                 | routes[0].errors.399: 399 (expected: a status of 400 to 599, or two
            'errors: {504-502: page.html}'             | routes[0].errors.504-502: 504-502 (expected: a status, or two
            'errors: {500-503: page.html, 502-504: page.html}' | (expected: statuses within those of 500-503, around them
            'cors: {origins: [example.org]}'           | routes[0].cors.origins[0]: example.org (expected: an origin such as https
            'cors: {origins: ["https://a/b"]}'         | routes[0].cors.origins[0]: https://a/b (expected: an origin
            'cors: {methods: [GET]}'                   | waffle.yaml:3: routes[0].cors: no origins (expected: those whose pages
            'cors: {origins: ["*"]}, method: [GET]'    | routes[0].cors: no OPTIONS (expected: it among the methods of the route
            'cors: {origins: ["*"], max_age: 2d}'      | routes[0].cors.max_age: 2d (expected: a duration of 0s to 24h
            'cors: {origins: ["*"], credentials: 1}'   | routes[0].cors.credentials: 1 (expected: true or false)
            'cors: yes'                                | routes[0].cors: a single value (expected: a mapping with origins
            'timeouts: {attempt: 5}'                   | routes[0].timeouts.attempt: 5 (expected: a duration of 0s to 24h
            'buffer_request: 100MiB'                   | routes[0].buffer_request: 100MiB (expected: 0, or a size of 1KiB to 64MiB
            'mirror: nobody'                           | waffle.yaml:3: routes[0].mirror: unknown pool (expected: one of
            'mirror: {b: 1}'                           | routes[0].mirror.b: 1 (expected: a share of 0.01% to 100%, such as 1%)
            'mirror: {b: 101%}'                        | routes[0].mirror.b: 101% (expected: a share
            'mirror: {b: 0%}'                          | routes[0].mirror.b: 0% (expected: a share
            'mirror: b, mirror_body: 2MiB'             | routes[0].mirror_body: 2MiB (expected: a size of 0 to 1MiB
            'errors: page.html'                        | routes[0].errors: a single value (expected: a mapping
            """)
    void policies(String line, String message) throws IOException {
        Files.writeString(folder.resolve("page.html"), "page");
        Files.write(folder.resolve("large.html"), new byte[(1 << 20) + 1]);
        Files.writeString(
                folder.resolve("waffle.yaml"),
                "backends: [http://a]\npools: {b: {backends: [http://b]}}\nroutes: [{" + line + "}]\n");
        List<String> problems =
                Loading.load(Map.of(CommandSettings.CONFIG, List.of("waffle.yaml")), Map.of(), folder)
                        .problems()
                        .stream()
                        .map(Problem::toString)
                        .toList();
        assertTrue(problems.stream().anyMatch(problem -> problem.contains(message)), () -> String.join("\n", problems));
    }
}
