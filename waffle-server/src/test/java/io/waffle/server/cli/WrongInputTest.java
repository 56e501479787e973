// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message says where, which value, and what was expected; the exit code is 2. */
final class WrongInputTest {

    /** Where, what is there, what should be; only what is no YAML at all has the parser's words instead. */
    private static final Pattern FORM =
            Pattern.compile("(-|command line|/).*: (.+ \\((expected: .+|did you mean .+\\?)\\)|not YAML: .+)");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -lissten :80                             | -lissten: unknown flag (did you mean -listen?)
            --listne=:80                             | -listne: unknown flag (did you mean -listen?)
            -qqqqqqqq                                | -qqqqqqqq: unknown flag (expected: one of those -help all lists)
            serve                                    | command line: serve (expected: flags and their values only
            -help tsl                                | -help tsl: unknown topic (did you mean tls?)
            -help nonsense                           | -help nonsense: unknown topic (expected: one of traffic, strategy,
            -check config.yaml                       | command line: config.yaml (expected: flags and their values only
            -check=maybe                             | -check: maybe (expected: true or false)
            -listen                                  | -listen: no value (expected: [HOST]:PORT
            -listen -check                           | -listen: no value (expected: [HOST]:PORT
            -listen :70000                           | -listen: :70000 (expected: [HOST]:PORT with a port of 0 to 65535
            -listen 8080                             | such as :8080, 127.0.0.1:8080 or [::1]:8080; did you mean :8080?)
            -listen 70000                            | such as :8080, 127.0.0.1:8080 or [::1]:8080)
            -listen=                                 | -listen: empty (expected: [HOST]:PORT
            -listen :1 -listen :2                    | -listen: given 2 times (expected: once)
            -lb-strategy Round                       | -lb-strategy: Round (expected: lower-case letters
            -lb-strategy nope                        | -lb-strategy: nope (expected:
            -lb-strategy least_conn                  | at most 63; did you mean least-connections?)
            -lb-strategy ROUND_ROBIN                 | at most 63; did you mean round-robin?)
            -lb-option weight                        | -lb-option: weight (expected: KEY=VALUE)
            -lb-option a=1 -lb-option a=2            | -lb-option: a=2 (expected: each option once
            -tls-cert no.pem                         | no.pem (expected: a file that can be read; there is none)
            -tls-cert real.pem                       | real.pem (expected: -tls-key with it
            -tls-key real.pem                        | real.pem (expected: -tls-cert with it
            -tls-cert real.pem -tls-key .            | (expected: a file that can be read; it is a folder)
            -config .                                | (expected: a YAML file that can be read; it is a folder)
            -tls-cert real.pem -tls-key real.pem     | real.pem: no certificate: no PEM block at all (expected:
            -tls-provider boringssl                  | -tls-provider: boringssl (expected: one of auto, openssl, jsse)
            -backend-tls-ca-file no.pem              | no.pem (expected: a file that can be read; there is none)
            -backend-tls-verify=no                   | -backend-tls-verify: no (expected: true or false)
            -config no.yaml                          | no.yaml (expected: a YAML file that can be read; there is none)
            -plugins nowhere                         | nowhere (expected: a folder that can be read; there is none)
            -plugins real.pem                        | real.pem (expected: a folder that can be read; it is no folder)
            -health-check-path healthz               | -health-check-path: healthz (expected: a path that begins with a slash
            -health-check-interval 10                | -health-check-interval: 10 (expected: a duration of 10ms to 24h
            -timeout-connect 0s                      | -timeout-connect: 0s (expected: a duration of 10ms to 24h
            -timeout-connect -5s                     | -timeout-connect: -5s (expected: a duration
            -timeout-request 10                      | -timeout-request: 10 (expected: a duration of 0s to 24h
            -timeout-backend-lifetime 2d             | -timeout-backend-lifetime: 2d (expected: a duration of 0s to 24h
            -timeout-drain 25h                       | -timeout-drain: 25h (expected: a duration of 0s to 24h
            -limit-head 64KiB                        | -limit-head: 64KiB (expected: a size of 1KiB to 60KiB
            -limit-head 8K                           | -limit-head: 8K (expected: a size
            -limit-head 4KiB -limit-request-line 8KiB| -limit-request-line: a request line of 8192 bytes in a head of 4096 (expected:
            -limit-fields 1e3                        | -limit-fields: 1e3 (expected: a whole number of 10 to 1000)
            -limit-connections -1                    | -limit-connections: -1 (expected: a whole number of 0
            -trusted-proxies 10.1.2.3/8   | -trusted-proxies: 10.1.2.3/8 (expected: no bits beyond the prefix, so 10.0.0.0/8)
            -trusted-proxies lan          | -trusted-proxies: lan (expected: an address or a block
            -health-check-kind udp                   | -health-check-kind: udp (expected: one of http, tcp)
            -health-check-method POST                | -health-check-method: POST (expected: GET, HEAD or OPTIONS)
            -health-check-host a/b                   | -health-check-host: a/b (expected: a host name, and a port if need be)
            -health-check-statuses 399-200           | -health-check-statuses: 399-200 (expected: a status, or two with a dash between
            -ejection-failures 0                     | -ejection-failures: 0 (expected: a whole number of 1 to 1000)
            -ejection-max-percent 101                | -ejection-max-percent: 101 (expected: a whole number of 0 to 100)
            -ejection-time 10m                       | -ejection-time: 600000 ms of at most 300000 ms (expected: -ejection-time of at most -ejection-max-time)
            -all-down panic                          | -all-down: panic (expected: one of fail, try_all)
            -retry-attempts 0                        | -retry-attempts: 0 (expected: a whole number of 1 to 100)
            -retry-body 64K                          | -retry-body: 64K (expected: a size of 0 to 1024TiB
            -retry-body-memory 1MiB                  | -retry-body-memory: 1048576 bytes of at most 65536 (expected: -retry-body-memory of at most -retry-body)
            -retry-body-folder nowhere               | nowhere (expected: a folder that can be written to; there is none)
            -retry-on-timeout=yes                    | -retry-on-timeout: yes (expected: true or false)
            -retry-statuses 503,404                  | -retry-statuses: 404 (expected: statuses of 500 to 599)
            -sticky-cookie a;b                       | -sticky-cookie: a;b (expected: a token (RFC 9110) of at most 128 characters
            -sticky-cookie=                          | -sticky-cookie: empty (expected: a token
            -sticky-cookie a -sticky-key-file no.key | no.key (expected: a file that can be read; there is none)
            -sticky-cookie a -sticky-key-file real.pem | real.pem (expected: a file with a secret of 16 to 4096 bytes; it has 0 bytes)
            -sticky-cookie a -sticky-same-site none  | -sticky-same-site: none (expected: -tls-cert with it, or -trusted-proxies; browsers
            -sticky-same-site no                     | -sticky-same-site: no (expected: one of lax, strict, none)
            -sticky-path app                         | -sticky-path: app (expected: a path that begins with a slash, at most 1024
            -sticky-path /;Domain=a                  | -sticky-path: /;Domain=a (expected: a path that begins with a slash
            -sticky-max-age 401d                     | -sticky-max-age: 401d (expected: a duration of 0s to 9600h
            -access-log nowhere/access.log           | access.log (expected: a file that can be written, or - for standard output; there is no folder for it)
            -access-log .                            | (expected: a file that can be written, or - for standard output; it is a folder)
            -access-log-format fancy                 | -access-log-format: fancy (expected: common, combined, json, or a text with variables
            -access-log-format {state}               | -access-log-format: {state} (expected: variables of client,
            -admin 0.0.0.0:9901                      | -admin: 0.0.0.0:9901 (expected: a loopback address, such as 127.0.0.1:9901, [::1]:9901 or localhost:9901; put a proxy with authentication in front
            -listen 127.0.0.1:1 -admin 127.0.0.1:1   | -admin: 127.0.0.1:1 (expected: another address than that of -listen)
            -listen :1 -metrics-listen :1            | -metrics-listen: :1 (expected: another address than that of -listen)
            -admin :9901                             | -admin: :9901 (expected: a loopback address
            -admin 127.0.0.1.nip.io:1                | -admin: 127.0.0.1.nip.io:1 (expected: a loopback address
            -admin [2001:db8::1]:9901                | -admin: [2001:db8::1]:9901 (expected: a loopback address
            -admin localhost                         | -admin: localhost (expected: [HOST]:PORT
            -admin-token-file no.txt                 | no.txt (expected: a file that can be read; there is none)
            -admin 127.0.0.1:0 -admin-token-file real.pem | -admin-token-file: 0 characters (expected: a token of 16 to 1024 characters
            -log-level loud                          | -log-level: loud (expected: one of trace, debug, info, warning, error, off)
            -log-format xml                          | -log-format: xml (expected: one of text, json)
            """)
    void flags(String line, String message) throws IOException {
        Files.writeString(folder.resolve("real.pem"), "");
        assertWrong(message, ("-backends http://a " + line).split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                          | -backends: empty (expected: http://HOST[:PORT][/PREFIX] or https://)
            app1:3000                   | [:PORT][/PREFIX] or https://; did you mean http://app1:3000?)
            ftp://app1                  | -backends: ftp://app1 (expected: http://HOST[:PORT][/PREFIX] or https://)
            http://a,                   | -backends: empty (expected: http://HOST
            http://a:70000              | -backends: http://a:70000 (expected: a port of at most 65535)
            http://u:p@a                | -backends: http://u:p@a (expected: no user information
            http://a?x=1                | -backends: http://a?x=1 (expected: no query and no fragment
            http://a;weight=x           | -backends: weight x of http://a (expected: a whole number of 0 to 65535)
            http://a;weight=70000       | -backends: weight 70000 of http://a (expected: a whole number of 0 to 65535)
            http://a;wieght=3           | -backends: http://a;wieght=3 (expected: a host name
            http://a/../b               | -backends: http://a/../b (expected: a path of URL characters, without . and .. segments)
            http://a,http://A:80/       | -backends: http://a:80 (expected: each backend once; this is there twice)
            """)
    void backends(String list, String message) {
        assertWrong(message, "-backends", list);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            backends: []                                    | waffle.yaml:1: backends: none (expected: at least one backend
            'listen: :80\\nlissten: :81'                    | waffle.yaml:2: lissten: unknown key (did you mean listen?)
            'listen: :80'                                   | waffle.yaml:1: backends: none (expected: at least one backend, such as backends: [
            'backends: ["${BACKEND}"]'                      | nothing is put in place of ${...} in a file, but each setting has a variable
            'backends: {url: http://a}'                     | waffle.yaml:1: backends: a mapping (expected: a list, each item behind a dash
            'backends: [http://a\\nlisten: x'               | (column 7); it was opened in line 1, column 11
            'backends: [http://a\\n'                        | but got the end of the file; it was opened in line 1, column 11
            'retry: {attempts: 2}\\nbackends: [http://a, # [\\n' | expected a value, but found the end of the file; it was opened in line 2, column 11
            'retry:\\n attempts: 1\\n  budget: 3'           | waffle.yaml:3: not YAML: a colon where no key can be (column 9); this line is indented by 2, line 2 by 1
            'retry:\\n  attempts: 1\\n budget: 3'           | not YAML: a line that belongs to nothing before it (column 2); this line is indented by 1, line 2 by 2
            'timeouts:\\n  body: 3s\\n  conect: 1s'         | waffle.yaml:3: timeouts.conect: unknown key (did you mean connect?)
            'timeouts.body: 3s'                             | waffle.yaml:1: timeouts.body: unknown key
            'backends:\\n- http://a\\n- ftp://b'            | waffle.yaml:3: backends[1]: ftp://b (expected: http://HOST
            'backends:\\n- http://a\\n- http://a/'          | waffle.yaml:3: backends[1]: http://a:80 (expected: each backend once; it is at
            'backends:\\n- url: http://a\\n  weight: -1'    | waffle.yaml:3: backends[0].weight: -1 (expected: a whole number of 0 to 65535)
            'backends:\\n- weight: 3'                       | waffle.yaml:2: backends[0]: no url (expected: a backend with the key url)
            'backends:\\n- {url: http://a, wieght: 3}'      | waffle.yaml:2: backends[0].wieght: unknown key (did you mean weight?)
            'backends:\\n- [http://a]'                      | waffle.yaml:2: backends[0]: a list (expected:
            'listen: [1, 2]'                                | waffle.yaml:1: listen: a list (expected:
            'limits: 3'                                     | waffle.yaml:1: limits: a single value (expected: a mapping with request_line
            'load_balancing: {options: 3}'                  | waffle.yaml:1: load_balancing.options: a single value (expected: a mapping)
            'listen: :1\\nlisten: :2'                       | waffle.yaml:2: listen: given again (expected: once; it is in line 1)
            'listen: "x'                                    | waffle.yaml:1: not YAML: found unexpected end of stream
            '\\tlisten: x'                                  | waffle.yaml:1: not YAML: found character
            'a: &a [*a]'                                    | nested deeper than
            '"": 1'                                         | waffle.yaml:1: unknown key (expected: one of
            'a..b: 1'                                       | waffle.yaml:1: a..b: unknown key
            'retry.: {attempts: 1}'                         | waffle.yaml:1: retry.: unknown key (did you mean retry?)
            'load_balancing: {options: {"": 1}}'            | waffle.yaml:1: load_balancing.options.: an empty name (expected: a name
            '? [a]\n: 1'                                   | waffle.yaml:1: a mapping, list or anchor as a key (expected: a name)
            'listen: *a'                                    | waffle.yaml:1: *a within itself
            'listen: !env PORT'                             | waffle.yaml:1: not YAML: a tag is not allowed: !env
            'backends: [http://a]\n---\nlisten: :1'       | waffle.yaml:2: a second document (expected: one)
            'retry: {attempts: 1:30}'                       | waffle.yaml:1: retry.attempts: 1:30 (expected: a whole number
            'watch: yes'                                    | waffle.yaml:1: watch: yes (expected: true or false)
            'listen: ""\nretry:\n  <<: 3'                 | waffle.yaml:3: <<: a single value (expected: a mapping
            'listen: "\u0007"'                             | waffle.yaml:1: not YAML: the character U+0007 is not allowed
            '- listen'                                      | waffle.yaml:1: a list (expected: KEY: VALUE lines)
            'listen: !!java.io.File [x]'                    | waffle.yaml:1: not YAML: Global tag is not allowed
            """)
    void files(String yaml, String message) throws IOException {
        Files.writeString(folder.resolve("waffle.yaml"), yaml.translateEscapes());
        assertWrong(message, "-config", "waffle.yaml");
    }

    @Test
    void aWordWithoutEnd() throws IOException {
        Files.writeString(folder.resolve("waffle.yaml"), "listen: :1\n" + "x".repeat(70_000) + ": 1");
        assertWrong("waffle.yaml:2: a word that is longer than 65536 characters", "-config", "waffle.yaml");
    }

    @Test
    void dashesAlone() {
        assertWrong("--: unknown flag (expected: one of those -help all lists)", "--");
    }

    @Test
    void allIsReportedInOnePassByDoorAndPlace() throws IOException {
        Files.writeString(
                folder.resolve("waffle.yaml"), "backends: [http://a]\nlogging: {level: 1}\nlimits: {fields: x}\n");
        Run run = run(
                Map.of("WAFFLE_TIMEOUT_BODY", "soon", "WAFFLE_LISTEN", "here"),
                "-config",
                "waffle.yaml",
                "-limit-head",
                "1",
                "-lb-strategy",
                "nope",
                "-bogus");
        assertEquals(2, run.code);
        List<String> starts = List.of(
                "-lb-strategy: nope",
                "-limit-head: 1 ",
                "-bogus: ",
                "WAFFLE_LISTEN: here ",
                "WAFFLE_TIMEOUT_BODY: soon ",
                folder.resolve("waffle.yaml") + ":2: logging.level: 1 ",
                folder.resolve("waffle.yaml") + ":3: limits.fields: x ",
                "Nothing was started.");
        assertEquals(starts.size(), run.lines.size(), String.join("\n", run.lines));
        for (int i = 0; i < starts.size(); i++) {
            assertTrue(run.lines.get(i).startsWith(starts.get(i)), String.join("\n", run.lines));
        }
    }

    @Test
    void theFirstWordIsACommandIfItIsNoFlag() {
        assertWrong(
                "command line: serve: unknown command (expected: one of reload, stop, check, demo, version, help, status, backends, routes, "
                        + "drain, undrain, weight, or flags",
                "serve");
        assertWrong("command line: relaod: unknown command (did you mean reload?)", "relaod", "-config", "no.yaml");
    }

    @Test
    void oneMistakeIsOneLine() {
        assertEquals(List.of("-backends: no value"), mistakes("-backends"));
        assertEquals(List.of("-config: no value"), mistakes("-config"));
        assertEquals(List.of("-tls-key: no value"), mistakes("-backends", "http://a", "-tls-cert", ".", "-tls-key"));
        assertEquals(List.of("-bakends: unknown flag"), mistakes("-bakends", "http://a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backends: {a: http://a}", "backends: [[http://a]]"})
    void whatIsOfTheWrongKindIsOneMistake(String yaml) throws IOException {
        Files.writeString(folder.resolve("waffle.yaml"), yaml);
        List<String> about = run(Map.of(), "-config", "waffle.yaml").lines.stream()
                .filter(line -> line.contains("backends"))
                .toList();
        assertEquals(1, about.size(), about::toString);
    }

    /** Without what this test has no strategies for, and the files there are not. */
    private List<String> mistakes(String... args) {
        return run(Map.of(), args).lines.stream()
                .filter(line ->
                        line.startsWith("-") && !line.startsWith("-lb-strategy") && !line.contains("a file that"))
                .map(line -> line.replaceAll(" \\(.*", ""))
                .toList();
    }

    @Test
    void aVariableThatIsNearlyOneIsTakenForASlipIfSomethingIsWrong() {
        Run run = run(
                Map.of("WAFFLE_BACKEND", "http://a", "WAFFLE_PORT", "tcp://10.0.0.1:80", "WAFFLE_JAVA_OPTS", "-ea"));
        List<String> about =
                run.lines.stream().filter(line -> line.startsWith("WAFFLE_")).toList();
        assertEquals(List.of("WAFFLE_BACKEND: unknown variable (did you mean WAFFLE_BACKENDS?)"), about);
    }

    @Test
    void theDemoHasItsOwnBackends() {
        assertWrong(
                "-demo: given with -backends (expected: one of the two", "-demo", "-check", "-backends", "http://a");
    }

    @Test
    void whatSteersATerminalIsNotShown() {
        assertWrong("-listen: ?[2J (expected:", "-backends", "http://a", "-listen", "\u001b[2J");
    }

    private void assertWrong(String message, String... args) {
        Run run = run(Map.of(), args);
        assertEquals(2, run.code);
        assertTrue(run.lines.stream().anyMatch(line -> line.contains(message)), String.join("\n", run.lines));
        for (String line : run.lines.subList(0, run.lines.size() - 1)) {
            assertTrue(FORM.matcher(line).matches(), line);
        }
    }

    private Run run(Map<String, String> environment, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        int code = new Main(environment, folder, out, new PrintStream(err, true, StandardCharsets.UTF_8)).run(args);
        return new Run(code, err.toString(StandardCharsets.UTF_8).lines().toList());
    }

    private record Run(int code, List<String> lines) {}
}
