// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which clients a listener serves. */
final class ListenerAccessIT {

    private final Path folder;

    @AutoClose
    private final ScriptedBackend backend = ScriptedBackend.start();

    ListenerAccessIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("blocks.txt"), "# of today\n127.0.0.8/31\n192.0.2.0/24\n");
    }

    private String yaml(String access) {
        return """
                access_log: {file: "-", format: "<{client} {target} {status} {fault} {ended_by} {route}>"}
                access: {deny: [127.0.0.5]}
                listeners:
                  inner:
                    address: "127.0.0.1:0"
                    access: %s
                    forwarding: {trusted_proxies: [127.0.0.2]}
                routes:
                  - {name: all}
                  - {name: open, path: /open, access: {deny: [127.0.0.6]}}
                  - {name: ping, path: /ping, respond: {status: 200, body: pong}}
                backends: [%s]
                """.formatted(access, backend.url());
    }

    private static int port(ConfiguredWaffle waffle) {
        return Integer.parseInt(waffle.process()
                .awaitOutput(Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+) \\(inner\\)"))
                .group(1));
    }

    private static int status(String client, int port, String path, String fields) {
        try (RawClient from = RawClient.from(client, port)) {
            return from.exchange("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n")
                    .status();
        }
    }

    @Test
    @DisplayName(
            "N7 clients a listener does not serve get a 403 before any route is asked; a trusted proxy's word counts")
    void denied() {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(
                folder, yaml("{allow: [127.0.0.0/28, 192.0.2.0/25], deny: [127.0.0.3], deny_file: [blocks.txt]}"))) {
            int inner = port(waffle);
            assertEquals(200, status("127.0.0.1", inner, "/", ""));
            for (String client : new String[] {"127.0.0.3", "127.0.0.8", "127.0.0.16"}) {
                assertEquals(403, status(client, inner, "/", ""));
                assertEquals(403, status(client, inner, "/open", ""));
                assertEquals(403, status(client, inner, "/ping", ""));
                assertEquals(200, status(client, waffle.port(), "/", ""));
            }
            assertEquals(403, status("127.0.0.5", inner, "/", ""), "by the route");
            assertEquals(200, status("127.0.0.5", inner, "/open", ""));
            assertEquals(403, status("127.0.0.6", inner, "/open", ""));
            assertEquals(403, status("127.0.0.2", inner, "/", "X-Forwarded-For: 198.51.100.1\r\n"));
            assertEquals(403, status("127.0.0.2", inner, "/", "X-Forwarded-For: 192.0.2.1\r\n"), "by the file");
            assertEquals(200, status("127.0.0.1", inner, "/", "X-Forwarded-For: 192.0.2.1\r\n"), "not trusted");
            waffle.process().awaitOutput(Pattern.compile("<127\\.0\\.0\\.16 /ping 403 denied waffle ->"));
        }
    }

    @Test
    @DisplayName(
            "N7 a reload changes the lists and their files; connections stay, those of the denied too, which get a 403 from then on")
    void reloaded() throws IOException {
        try (ConfiguredWaffle waffle = ConfiguredWaffle.start(folder, yaml("{deny_file: blocks.txt}"))) {
            int inner = port(waffle);
            try (RawClient stays = RawClient.from("127.0.0.1", inner);
                    RawClient goes = RawClient.from("127.0.0.7", inner)) {
                assertEquals(200, stays.exchangeGet("/").status());
                assertEquals(200, goes.exchangeGet("/").status());
                assertEquals(403, status("127.0.0.8", inner, "/", ""));
                Files.writeString(folder.resolve("blocks.txt"), "127.0.0.7\n");
                assertTrue(waffle.hangUp().startsWith("reloaded"), waffle.process()::output);
                assertEquals(200, stays.exchangeGet("/").status());
                Response refused = goes.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
                assertEquals(403, refused.status());
                assertFalse(refused.announcesClose());
                assertEquals(200, status("127.0.0.8", inner, "/", ""));
                Files.writeString(folder.resolve("blocks.txt"), "127.0.0.1\nnonsense\n");
                assertTrue(waffle.hangUp().contains("nothing was changed"), waffle.process()::output);
                waffle.process()
                        .awaitOutput(Pattern.compile("blocks\\.txt:2: nonsense \\(expected: an address or a block"));
                assertEquals(200, stays.exchangeGet("/").status());
                waffle.reload(yaml("{}"));
                assertEquals(200, goes.exchangeGet("/").status());
            }
        }
    }
}
