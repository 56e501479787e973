// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line for each request, wherever it ended. */
final class AccessLogIT {

    private final Path folder;

    AccessLogIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("combined, by default: address, time, request line, status, bytes, referer and user agent")
    void combined() {
        try (Site site = Site.open(1, "-access-log", file().toString())) {
            site.backend().answer("HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\ncreated");
            site.exchange("GET /a?b=c HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\nUser-Agent: \"quoted\\\r\n\r\n");
            String time = "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000]";
            String rest = Pattern.quote("\"GET /a?b=c HTTP/1.1\" 201 7 \"http://r/\" \"\\x22quoted\\x5C\"");
            assertMatches("127\\.0\\.0\\.1 - - " + time + " " + rest, lines(1).getFirst());
        }
    }

    @Test
    @DisplayName("json: a member for each thing there is to tell")
    void json() {
        try (Site site = Site.open(1, "-access-log", file().toString(), "-access-log-format", "json")) {
            site.exchange("POST /x HTTP/1.1\r\nHost: app\r\nContent-Length: 2\r\n\r\nhi");
            assertMatches(
                    "\\{\"client\":\"127\\.0\\.0\\.1\",\"time\":\"[0-9T:.-]+Z\",\"method\":\"POST\",\"target\":\"/x\",\"version\":\"HTTP/1\\.1\","
                            + "\"host\":\"app\",\"status\":200,\"bytes\":2,\"backend\":\"127\\.0\\.0\\.1:"
                            + site.backend().port()
                            + "\",\"route\":\"default\",\"pool\":\"default\",\"strategy\":\"round-robin\",\"reason\":\"policy\",\"attempts\":1,"
                            + "\"first_byte_ms\":\\d+\\.\\d{3},\"duration_ms\":\\d+\\.\\d{3},\"queue_ms\":0\\.000,\"connect_ms\":\\d+\\.\\d{3}}",
                    lines(1).getFirst());
        }
    }

    @Test
    @DisplayName("what was refused, what no backend served, and who left are told of too")
    void failures() throws Exception {
        try (Site site = log(1, "{method} {target} {status} {bytes} {attempts} {backend}")) {
            String backend = "127.0.0.1:" + site.backend().port();
            site.exchange("GET / HTTP/9.9\r\nHost: h\r\n\r\n");
            lines(1); // each client has its loop, and its line comes behind its answer
            site.backend().on(request -> request.connection().reset());
            site.get("/reset");
            lines(2);
            site.backend().on(request -> request.connection().awaitEnd());
            try (RawClient client = site.client()) {
                client.send("GET /left HTTP/1.1\r\nHost: h\r\n\r\n");
                site.backend().next();
                site.backend().next();
                client.reset();
            }
            List<String> lines = lines(3);
            assertMatches("GET / 505 \\d+ 0 -", lines.get(0));
            assertMatches("GET /reset 502 \\d+ 1 " + backend, lines.get(1));
            assertEquals("GET /left 499 0 1 " + backend, lines.get(2));
        }
    }

    @Test
    @DisplayName("of a request that is none, or not whole, what could be read")
    void refused() {
        try (Site site =
                log(1, "<{method}|{target}|{version}|{host}|{user_agent}> {status} {fault} {ended_by} {phase}")) {
            site.exchange("GET /a HTTP/1.1\r\nHost: h\r\nUser-Agent: me\r\nHost: other\r\n\r\n");
            assertEquals("<GET|/a|HTTP/1.1|h|me> 400 bad_request client request_head", lines(1).get(0));
            site.exchange("\u0016\u0003\u0001 \"x\" \u00ff\r\n\r\n");
            assertEquals(
                    "<\\x16\\x03\\x01|\\x22x\\x22 \\xFF|-|-|-> 400 bad_request client request_head", lines(2).get(1));
            try (RawClient client = site.client()) {
                client.send("GET /half HTTP/1.1\r\nHost: h\r\nUser-");
                client.reset();
            }
            assertEquals("<GET|/half|HTTP/1.1|h|-> 499 client_gone client request_head", lines(3).get(2));
        }
    }

    @Test
    @DisplayName("no value is told beyond 2 KiB, and no byte takes more than its escape")
    void longValues() {
        try (Site site = log(1, "{user_agent}")) {
            site.exchange("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: " + "\u00ff".repeat(9_000) + "\r\n\r\n");
            assertEquals("\\xFF".repeat(2048) + "...", lines(1).get(0));
        }
    }

    @Test
    @DisplayName("the fault, whose it was, how far it had come, and the tries one by one")
    void tries() throws IOException {
        try (Socket refusing = new Socket();
                ScriptedBackend backend = ScriptedBackend.start()) {
            refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String id = "127.0.0.1:" + refusing.getLocalPort();
            String format = "{fault} {ended_by} {phase} {tries}";
            String ms = "\\d+\\.\\d{3}";
            try (var waffle = WaffleProcess.start(
                            "-backends",
                            "http://" + id,
                            "-access-log",
                            file().toString(),
                            "-access-log-format",
                            format);
                    RawClient client = RawClient.to(waffle.port())) {
                client.exchangeGet("/");
                assertMatches("connect_failed backend connect " + id + "=connect_failed/-/-/" + ms, lines(1).get(0));
            }
            try (var waffle = WaffleProcess.start(
                            "-backends",
                            backend.url(),
                            "-access-log",
                            folder.resolve("other").toString(),
                            "-access-log-format",
                            format);
                    RawClient client = RawClient.to(waffle.port())) {
                client.exchangeGet("/");
                client.exchangeGet("/");
                assertTrue(Eventually.holds(
                        () -> read(folder.resolve("other")).lines().count() == 2));
                List<String> lines = read(folder.resolve("other")).lines().toList();
                String other = "127.0.0.1:" + backend.port();
                assertMatches("- - - " + other + "=200/" + ms + "/" + ms + "/" + ms, lines.get(0));
                assertMatches("- - - " + other + "=200/-/" + ms + "/" + ms, lines.get(1));
            }
        }
    }

    @Test
    @DisplayName("why the backend: another had failed")
    void retry() throws IOException {
        try (Socket refusing = new Socket();
                ScriptedBackend backend = ScriptedBackend.start()) {
            refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String urls = backend.url() + ",http://127.0.0.1:" + refusing.getLocalPort();
            try (var waffle = WaffleProcess.start(
                            "-backends",
                            urls,
                            "-access-log",
                            file().toString(),
                            "-access-log-format",
                            "{reason} {attempts} {status}");
                    RawClient client = RawClient.to(waffle.port())) {
                client.exchangeGet("/");
                client.exchangeGet("/");
                // The turn of the one that refuses comes with the second request at the latest.
                assertEquals("retry 2 200", lines(2).get(1));
            }
        }
    }

    @Test
    @DisplayName("bodies in chunks and of connections that stay are counted, each for itself")
    void bytes() {
        try (Site site = log(1, "{bytes}");
                RawClient client = site.client()) {
            site.backend().on(request -> request.connection()
                    .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .chunk("hello")
                    .write("0\r\n\r\n"));
            client.exchangeGet("/");
            site.backend().on(request -> request.connection().answer(200, "x".repeat(100_000)));
            client.exchangeGet("/");
            site.backend().on(request -> request.connection().answer(200, ""));
            client.exchangeGet("/");
            assertEquals(List.of("15", "100000", "0"), lines(3));
        }
    }

    @Test
    @DisplayName("on standard output")
    void standardOutput() {
        try (Site site = Site.open(1, "-access-log", "-", "-access-log-format", "<{status} {target}>")) {
            site.get("/there");
            site.waffle().awaitOutput(Pattern.compile("<200 /there>"));
        }
    }

    @Test
    @DisplayName("a file that has grown is put aside, so many are kept, and no line is lost or torn")
    void rotation() throws IOException {
        try (Site site = Site.open(
                        1,
                        "-access-log",
                        file().toString(),
                        "-access-log-format",
                        "{target}",
                        "-access-log-max-size",
                        "1KiB",
                        "-access-log-keep",
                        "2");
                RawClient client = site.client()) {
            for (int i = 0; i < 1_000; i++) {
                client.exchangeGet("/" + i);
            }
            assertTrue(Eventually.holds(() -> all().endsWith("/999\n")), this::all);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("access.log", "access.log.1", "access.log.2"),
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
        List<String> left = all().lines().toList();
        int first = Integer.parseInt(left.getFirst().substring(1));
        assertTrue(first > 0, "the oldest are gone");
        for (int i = 0; i < left.size(); i++) {
            assertEquals("/" + (first + i), left.get(i));
        }
        assertTrue(Files.size(folder.resolve("access.log.1")) <= 1024);
    }

    @Test
    @DisplayName("a file that was moved away is begun anew; what is queued at a stop is written")
    void movedAway() throws IOException {
        try (Site site = log(1, "{target}")) {
            site.get("/one");
            lines(1);
            Files.move(file(), folder.resolve("moved"));
            site.get("/two");
            assertEquals(List.of("/two"), lines(1));
            for (int i = 0; i < 100; i++) {
                site.get("/more");
            }
            assertEquals(0, site.waffle().terminate());
            assertEquals(101, lines(101).size());
        }
    }

    @Test
    @DisplayName("SIGUSR1 lets go of a file that was moved away, though nothing is to be told")
    void reopened() throws IOException {
        try (Site site = log(1, "{target}")) {
            site.get("/one");
            lines(1);
            Files.move(file(), folder.resolve("moved"));
            site.waffle().signal("USR1");
            assertTrue(Eventually.holds(() -> Files.exists(file())));
            site.get("/two");
            assertEquals(List.of("/two"), lines(1));
            assertEquals("/one\n", read(folder.resolve("moved")));
        }
    }

    @Test
    @DisplayName("a named pipe: needs no reader, and loses no line when one reader follows another")
    void pipe() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", file().toString()).start().waitFor());
        try (Site site = log(1, "{target}")) {
            site.get("/one");
            try (var reader = Files.newBufferedReader(file())) {
                assertEquals("/one", reader.readLine());
            }
            site.get("/two");
            try (var reader = Files.newBufferedReader(file())) {
                assertEquals("/two", reader.readLine());
            }
        }
    }

    @Test
    @DisplayName("a reader that stands still costs lines, not requests, whatever the size of what is told")
    void nobodyReads() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", file().toString()).start().waitFor());
        String request = "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: " + "\u00ff".repeat(30_000) + "\r\n\r\n";
        String[] arguments = {"-access-log", file().toString(), "-access-log-format", "json"};
        try (Site site = Site.open(1, Map.of("WAFFLE_JAVA_OPTS", "-Xmx64m"), arguments);
                RawClient client = site.client()) {
            for (int i = 0; i < 1_000; i++) {
                assertEquals(200, client.exchange(request).status());
            }
            site.waffle().awaitOutput(Pattern.compile("access log: a line is lost: they are not written fast enough"));
        }
    }

    private Site log(int backends, String format) {
        return Site.open(backends, "-access-log", file().toString(), "-access-log-format", format);
    }

    private Path file() {
        return folder.resolve("access.log");
    }

    /** Waits for so many, and returns all. */
    private List<String> lines(int count) {
        List<String> lines = new ArrayList<>();
        assertTrue(
                Eventually.holds(() -> {
                    lines.clear();
                    lines.addAll(read(file()).lines().toList());
                    return lines.size() >= count;
                }),
                () -> lines + " (expected: " + count + " lines)");
        return lines;
    }

    /** From the oldest to the newest. */
    private String all() {
        return read(folder.resolve("access.log.2")) + read(folder.resolve("access.log.1")) + read(file());
    }

    private static String read(Path path) {
        try {
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            return ""; // just being put aside
        }
    }

    private static void assertMatches(String pattern, String line) {
        assertTrue(line.matches(pattern), () -> line + " (expected: " + pattern + ")");
    }
}
