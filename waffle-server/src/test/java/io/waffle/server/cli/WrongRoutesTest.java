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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with listeners, pools and routes: each message says where, which value, and what was expected; the exit code is 2. */
final class WrongRoutesTest {

    private static final String POOLS = "pools: {app: {backends: [http://a]}, green: {backends: [http://b]}}\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -pool app                               | -pool: app (expected: a name, =, and what it stands for
            -pool =http://a                         | -pool: =http://a (expected: a name, =, and what it stands for
            -pool App=http://a                      | -pool: App=http://a (expected: a name, =, and what it stands for
            -pool app=                              | -pool: app= (expected: a name, =, and what it stands for
            -pool app=ftp://a                       | -pool: ftp://a (expected: http://HOST
            -pool app=http://a,                     | -pool: empty (expected: http://HOST
            -pool app=http://a -pool app=http://b   | -pool: app=http://b (expected: each pool once; app was given before
            -pool                                   | -pool: no value (expected:
            -pool app=http://a -route app           | -route: app (expected: a host, a path or both, =, and the name of a pool
            -pool app=http://a -route =app          | -route: =app (expected: a host, a path or both, =, and the name of a pool
            -pool app=http://a -route /v2=          | -route: /v2= (expected: a host, a path or both
            -pool app=http://a -route /v2=ap        | -route: ap (did you mean app?)
            -pool app=http://a -route /v2=zzzzz     | -route: zzzzz (expected: one of app)
            -pool app=http://a -route a:80/v2=app   | -route: a:80 (expected: a host name without port
            -pool app=http://a -route /a?b=app      | -route: /a?b (expected: a path that begins with a slash, without query)
            -pool app=http://a -route a=app -route a=app | -route: routes route-1 and route-2 are equally precise
            -pool a=http://a -pool b=http://b       | routes: none (expected: routes to a, b, since there is no pool default)
            -pol app=http://a                       | -pol: unknown flag (did you mean -pool?)
            -rout /=app                             | -rout: unknown flag (did you mean -route?)
            """)
    void flags(String line, String message) {
        assertWrong(message, line.split(" +"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listeners: []                                        | listeners: a list (expected: a mapping
            listeners: {web: {}}                                 | listeners.web: no address (expected: a listener with the key address, such as :8080)
            'listeners: {web: {address: "80"}}'                  | listeners.web.address: 80 (expected: [HOST]:PORT
            'listeners: {Web: {address: ":80"}}'                 | Web (expected: lower-case letters
            'listeners: {web: {adress: ":80"}}'                  | listeners.web.adress: unknown key (did you mean address?)
            'listeners: {web: {address: ":80", redirect: http}}' | listeners.web.redirect: http (expected: https)
            'listeners: {a: {address: ":80"}, b: {address: ":80"}}'      | listeners.b: :80 (expected: another address than that of the listener a)
            'listeners: {a: {address: ":80", tls: {cert_file: no.pem, key_file: no.pem}}}' | no.pem (expected: a file that can be read; there is none)
            'listeners: {a: {address: "unix:a.sock"}}'           | listeners.a.address: unix:a.sock (expected: an absolute path of at most 107 letters, digits and ._/+@=,- behind unix:)
            'listeners: {a: {address: "unix:"}}'                 | listeners.a.address: unix: (expected: an absolute path of at most 107
            'listeners: {a: {address: "unix:/a b"}}'             | listeners.a.address: unix:/a b (expected: an absolute path of at most 107
            'listeners: {a: {address: "unix:@waffle"}}'          | listeners.a.address: unix:@waffle (expected: unix:/PATH; a socket with an abstract name has no file
            'listeners: {a: {address: "unix:/r/a"}, b: {address: "unix:/r/./x/..//a"}}' | listeners.b: unix:/r/a (expected: another address than that of the listener a)
            'listeners: {a: {address: "unix:/r/a", mode: 660}, b: {address: ":1", mode: 0660}}' | listeners.b.mode: :1 (expected: unix:/PATH as the address of a listener with a mode)
            'listeners: {a: {address: "unix:/r/a", mode: 0668}}' | listeners.a.mode: 0668 (expected: three octal digits, for owner, group and others, such as 0660)
            'listeners: {a: {address: "unix:/r/a", mode: rw}}'   | listeners.a.mode: rw (expected: three octal digits
            'listeners: {a: {address: "unix:/r/a"}}\\nmetrics: {listen: "unix:/r/b"}' | metrics.listen: unix:/r/b (expected: [HOST]:PORT
            'listeners: {a: {address: "unix:/r/a"}}\\nadmin: {listen: "unix:/r/b"}' | admin.listen: unix:/r/b (expected: [HOST]:PORT
            'listeners: {a: {address: ":80", access: {allow: [lan]}}}'   | listeners.a.access.allow[0]: lan (expected: an address or a block
            'listeners: {a: {address: ":80", access: {deny: 10.1.2.3/8}}}' | listeners.a.access.deny: 10.1.2.3/8 (expected: no bits beyond the prefix, so 10.0.0.0/8)
            'listeners: {a: {address: ":80", access: {deny_file: no.txt}}}' | no.txt (expected: a file with one address or block to a line
            'listeners: {a: {address: ":80", access: [10.0.0.0/8]}}'     | listeners.a.access: a list (expected: a mapping with allow, allow_file, deny, deny_file)
            'listeners: {a: {address: ":80", access: {from: []}}}'       | listeners.a.access.from: unknown key (expected: one of allow, allow_file, deny, deny_file)
            'listeners: {a: {address: ":80", retry: {attempts: 2}}}'     | listeners.a.retry: unknown key (expected: one of
            'listeners: {a: {address: ":80", limits: {head: 1}}}'        | listeners.a.limits.head: 1 (expected: a size
            'listeners: {a: {address: ":80"}}\\nmetrics: {listen: ":80"}' | metrics.listen: :80 (expected: another address than that of the listener a)
            'listeners: {default: {address: ":80"}}\\nlisten: ":81"'      | listeners.default: default (expected: another name
            """)
    void listeners(String yaml, String message) throws IOException {
        assertWrongFile(yaml.replace("\\n", "\n") + "\n" + POOLS + "routes: [{name: r, to: app}]\n", message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pools: [app]                                         | pools: a list (expected: a mapping
            'pools: {app: {}}'                                   | pools.app: no backends
            'pools: {app: {backends: []}}'                       | pools.app: no backends (expected: a pool with the key backends
            'pools: {app: {backends: [a]}}'                      | pools.app.backends[0]: a (expected: http://HOST
            'pools: {App: {backends: [http://a]}}'               | App (expected: lower-case letters
            'pools: {app: {backend: [http://a]}}'                | pools.app.backend: unknown key (did you mean backends?)
            'pools: {app: {backends: [http://a, http://a]}}'     | pools.app.backends[1]: http://a:80 (expected: each backend once
            'pools: {app: {backends: [http://a], load_balancing: {strategy: Nope}}}' | pools.app.load_balancing.strategy: Nope (expected: lower-case letters
            'pools: {app: {backends: [http://a], health_checking: {interval: 1}}}'   | pools.app.health_checking
            'pools: {app: {backends: [http://a], retry: {attempts: 2}}}'             | pools.app.retry: unknown key (expected: one of
            'pools: {app: {backends: [http://a]}, default: {backends: [http://b]}}\\nbackends: [http://c]' | pools.default: default (expected: another name
            """)
    void pools(String yaml, String message) throws IOException {
        assertWrongFile(yaml.replace("\\n", "\n") + "\n", message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {name: A, to: app}                       | routes[0].name: A (expected: lower-case letters
            {name: a, to: ap}                        | routes[0].to: ap (did you mean app?)
            {name: a, to: zzzzz}                     | routes[0].to: zzzzz (expected: one of app, green)
            '{name: a, to: {app: -1}}'               | routes[0].to.app: -1 (expected: a whole number of 0 to 65535)
            '{name: a, to: {app: x}}'                | routes[0].to.app: x (expected: a whole number of 0 to 65535)
            '{name: a, to: {blue: 1}}'               | routes[0].to.blue: blue (expected: one of app, green)
            {name: a}                                | routes[0]: no to (expected: one of to, respond, redirect, since there is no pool default)
            '{name: a, to: app, respond: {status: 200}}' | routes[0]: to and respond (expected: one of to, respond, redirect)
            {name: a, too: app}                      | routes[0].too: unknown key (did you mean to?)
            '{name: a, to: app, hosts: ["a b"]}'     | routes[0].hosts[0]: a b (expected: a host name without port
            '{name: a, to: app, hosts: ["a:80"]}'    | routes[0].hosts[0]: a:80 (expected: a host name without port
            '{name: a, to: app, hosts: ["a.*"]}'     | routes[0].hosts[0]: a.* (expected: a host
            {name: a, to: app, path: v2}             | routes[0].path: v2 (expected: a path that begins with a slash, without query)
            '{name: a, to: app, path: "/a?b"}'       | routes[0].path: /a?b (expected: a path that begins with a slash
            {name: a, to: app, path: /a/../b}        | routes[0].path: /a/../b (expected: a path
            '{name: a, to: app, path: {exact: /a, regex: /b}}' | routes[0].path: 2 of them (expected: one of exact, pattern, regex)
            '{name: a, to: app, path: {pattern: /a*/b}}'       | routes[0].path.pattern: /a*/b (expected: a path with * for a whole segment
            '{name: a, to: app, path: {regex: "/(a"}}'         | routes[0].path.regex: /(a (expected:
            '{name: a, to: app, path: {prefix: /a}}' | routes[0].path.prefix: unknown key (expected: one of exact, pattern, regex)
            '{name: a, to: app, method: [get]}'      | routes[0].method[0]: get (expected: a method, such as GET)
            '{name: a, to: app, headers: {x: "~(a"}}'          | routes[0]: headers.x: (a (expected: a regular expression
            '{name: a, to: app, headers: [x]}'       | routes[0].headers: a list (expected: a mapping
            '{name: a, to: app, clients: [10.1.2.3/8]}'        | routes[0].clients[0]: 10.1.2.3/8 (expected: no bits beyond the prefix, so 10.0.0.0/8)
            '{name: a, to: app, listeners: [defalt]}'          | routes[0].listeners[0]: defalt (did you mean default?)
            '{name: a, to: app, path: /a, match: [{path: /b}]}'| routes[0].path: beside match (expected: conditions either in the route or in its match
            {name: a, to: app, split_by: header}     | routes[0].split_by: header (expected: client, header:NAME or cookie:NAME)
            '{name: a, to: app, rewrite: {prefix: /b}}'        | routes[0].rewrite: rewrite.prefix (expected: a path that is a prefix
            '{name: a, to: app, path: /a, rewrite: {prefix: /b, path: /c}}' | routes[0].rewrite: prefix and path (expected: one of them)
            '{name: a, redirect: {status: 200}}'     | routes[0].redirect.status: 200 (expected: 301, 302, 303, 307 or 308)
            '{name: a, redirect: {scheme: ftp}}'     | routes[0].redirect.scheme: ftp (expected: http or https)
            '{name: a, respond: {status: 99}}'       | routes[0].respond.status: 99 (expected: a whole number of 200 to 599)
            '{name: a, respond: {status: 200, content_type: x}}' | routes[0].respond.content_type: x (expected: a media type
            '{name: a, to: app, load_balancing: {strategy: A}}'  | routes[0].load_balancing.strategy: A (expected: lower-case letters
            '{name: a, to: app, load_balancing: {options: {x: y}}}' | routes[0].load_balancing: no strategy (expected: the name of one, also where only its options differ)
            '{name: a, to: app, load_balancing: ip-hash}'        | routes[0].load_balancing: a single value (expected: a mapping with strategy, options)
            '{name: a, respond: {status: 200}, load_balancing: {strategy: ip-hash}}' | routes[0].load_balancing: beside an answer of its own (expected: it in a route that leads to pools)
            '{name: a, to: app, ambiguous_paths: maybe}'       | routes[0].ambiguous_paths: maybe (expected: one of refuse, allow)
            '{name: a, to: app, timeouts: {request: 10}}'      | routes[0].timeouts.request: 10 (expected: a duration
            '{name: a, to: app, sticky: {cookie: w}}'          | routes[0].sticky: unknown key (expected: one of
            '{name: a, to: app}, {name: a, path: /b, to: app}' | routes[1]: a (expected: each name once; a route before has it)
            '{name: a, to: app}, {name: b, to: green}'         | routes[1]: routes a and b are equally precise and for the same requests
            """)
    void routes(String yaml, String message) throws IOException {
        assertWrongFile(POOLS + "routes: [" + yaml + "]\n", message);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() throws IOException {
        String yaml = "listeners: {web: {address: '80'}}\n" + POOLS
                + "routes:\n  - {name: a, to: ap}\n  - {name: b, path: v2, to: {app: x}}\n";
        List<String> lines = check(yaml);
        for (String place : List.of("listeners.web.address", "routes[0].to", "routes[1].path", "routes[1].to.app")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains(" " + place + ": ")), lines::toString);
        }
    }

    private void assertWrongFile(String yaml, String message) throws IOException {
        List<String> lines = check(yaml);
        assertTrue(lines.stream().anyMatch(line -> line.contains(message)), () -> String.join("\n", lines));
    }

    private List<String> check(String yaml) throws IOException {
        Files.writeString(folder.resolve("waffle.yaml"), yaml);
        return run("-check", "-config", "waffle.yaml");
    }

    private void assertWrong(String message, String... flags) {
        List<String> all = new ArrayList<>(List.of("-check"));
        all.addAll(List.of(flags));
        List<String> lines = run(all.toArray(String[]::new));
        assertTrue(lines.stream().anyMatch(line -> line.contains(message)), () -> String.join("\n", lines));
    }

    private List<String> run(String... flags) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        int code = new Main(Map.of(), folder, out, new PrintStream(err, true, StandardCharsets.UTF_8)).run(flags);
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, code, lines::toString);
        return lines;
    }
}
