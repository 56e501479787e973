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
                            + "\",\"strategy\":\"round-robin\",\"reason\":\"policy\",\"attempts\":1,"
                            + "\"first_byte_ms\":\\d+\\.\\d{3},\"duration_ms\":\\d+\\.\\d{3}}",
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
            assertMatches("- - 505 \\d+ 0 -", lines.get(0));
            assertMatches("GET /reset 502 \\d+ 1 " + backend, lines.get(1));
            assertEquals("GET /left 499 0 1 " + backend, lines.get(2));
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
