// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Requests with bodies of {@value #SIZE} bytes, and backends that check what has come of them. */
final class Uploads {

    static final long SIZE = 5L << 20;

    private static final String TRAILER = "X-Sum: 17\r\n";

    private Uploads() {}

    /** Where bodies are kept. */
    enum Place {
        MEMORY("16MiB"),
        FILE("64KiB");

        private final String memory;

        Place(String memory) {
            this.memory = memory;
        }

        Site open(Path folder, String... more) {
            return Site.open(2, Options.with(flags(folder), more));
        }

        String[] flags(Path folder) {
            return new String[] {
                "-disable-ejection",
                "-retry-body",
                "16MiB",
                "-retry-body-memory",
                memory,
                "-retry-body-folder",
                folder.toString()
            };
        }
    }

    static Response exchange(Site site, String method, boolean chunked) throws IOException {
        try (RawClient client = site.client()) {
            send(client, method, chunked);
            return client.read();
        }
    }

    static Response exchange(Site site, long length) throws IOException {
        try (RawClient client = site.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: " + length + "\r\n\r\n");
            Content.send(length, client.socket().getOutputStream());
            return client.read();
        }
    }

    static void send(RawClient client, String method, boolean chunked) throws IOException {
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + SIZE;
        client.send(method + " / HTTP/1.1\r\nHost: waffle.test\r\n" + framing + "\r\n\r\n");
        OutputStream out = client.socket().getOutputStream();
        if (chunked) {
            Content.sendChunks(SIZE, out);
            out.write(("0\r\n" + TRAILER + "\r\n").getBytes(StandardCharsets.US_ASCII));
        } else {
            Content.send(SIZE, out);
        }
    }

    /** Answers with how many bytes have come, all of them right. */
    static void confirm(BackendRequest request) throws IOException {
        request.connection().answer(200, Long.toString(receive(request)));
    }

    static long receive(BackendRequest request) throws IOException {
        Content.Check check = new Content.Check();
        WireReader reader = request.connection().reader();
        if (request.framing() == Body.Framing.CHUNKED) {
            List<Field> trailers = reader.chunked(check).trailers();
            assertEquals(List.of(new Field("X-Sum", "17")), trailers);
        } else {
            reader.exactly(request.length(), check);
        }
        return check.received();
    }

    static List<Path> listing(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.toList();
        }
    }
}
