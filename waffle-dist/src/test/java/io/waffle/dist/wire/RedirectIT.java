// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes that send clients elsewhere, and routes that rewrite, asked for what would lead out of them. */
final class RedirectIT {

    private static ScriptedBackend app;
    private static ConfiguredWaffle waffle;

    @BeforeAll
    static void start(@TempDir Path folder) {
        app = ScriptedBackend.start().on(request -> {
            request.readBody();
            request.connection().answer(200, request.head().target());
        });
        waffle = ConfiguredWaffle.start(folder, """
                pools: {app: {backends: [%s]}}
                routes:
                  - {name: same, path: /same, redirect: {host: www.test}}
                  - {name: moved, path: /moved, redirect: {status: 301, prefix: /new}}
                  - {name: other, path: /other, redirect: {status: 303, path: /there}}
                  - {name: temporary, path: /temporary, redirect: {status: 307, port: 8443}}
                  - {name: secure, path: /secure, redirect: {status: 308, scheme: https}}
                  - {name: all, path: /all, redirect: {scheme: https, host: www.test, port: 444, prefix: /}}
                  - {name: stripped, path: /api, to: app, rewrite: {prefix: /}}
                  - {name: under, path: /under, to: app, rewrite: {prefix: /base}}
                """.formatted(app.url()));
    }

    @AfterAll
    static void stop() {
        waffle.close();
        app.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @DisplayName("R15 a route sends clients elsewhere as it says, and leaves the rest of what they asked for")
    @CsvSource(delimiter = '|', textBlock = """
            h.test       | /same/x?y=z          | 302 | http://www.test/same/x?y=z
            h.test:8080  | /same                | 302 | http://www.test/same
            h.test       | /moved               | 301 | http://h.test/new
            h.test       | /moved/a%2Fb?c=%20   | 301 | http://h.test/new/a%2Fb?c=%20
            h.test:8080  | /moved/a//b/         | 301 | http://h.test:8080/new/a//b/
            h.test       | /other/deep?x=1      | 303 | http://h.test/there?x=1
            h.test       | /temporary           | 307 | http://h.test:8443/temporary
            h.test       | /secure/x            | 308 | https://h.test/secure/x
            [::1]:8080   | /moved/x             | 301 | http://[::1]:8080/new/x
            [::1]        | /temporary/x         | 307 | http://[::1]:8443/temporary/x
            h.test       | /all/x?y             | 302 | https://www.test:444/x?y
            h.test       | /all                 | 302 | https://www.test:444/
            """)
    void redirects(String host, String target, int status, String location) {
        try (RawClient client = RawClient.to(waffle.port())) {
            Response answer = client.exchange("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertEquals(
                    status + " " + location,
                    answer.status() + " " + answer.value("Location").orElse(""));
            assertEquals(
                    200,
                    client.exchange("GET /api/kept HTTP/1.1\r\nHost: h\r\n\r\n").status(),
                    "it goes on");
        }
    }

    @ParameterizedTest
    @DisplayName("R9 a route that rewrites passes nothing on that leads out of what it writes")
    @CsvSource(delimiter = '|', textBlock = """
            /api/x               | 200 /x
            /api                 | 200 /
            /api/a%2Fb           | 200 /a%2Fb
            /api/../admin        | 400
            /api/%2e%2e/x        | 400
            /api/..%2fadmin      | 400
            /api/..;/admin       | 400
            /api../admin         | 404
            /under/x             | 200 /base/x
            /under/x/../../y     | 400
            /under/%2e%2e/y      | 400
            /under/..%5cy        | 400
            """)
    void confined(String target, String expected) {
        try (RawClient client = RawClient.to(waffle.port())) {
            Response answer = client.exchange("GET " + target + " HTTP/1.1\r\nHost: h.test\r\n\r\n");
            assertEquals(expected, answer.status() == 200 ? "200 " + answer.text() : Integer.toString(answer.status()));
        }
    }
}
