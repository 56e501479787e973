// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Clients that take and send as much as they can get, a thread each, for others to be measured beside them. */
public final class Hogs {

    static final Program PROGRAM =
            new Program("Hogs", "--url U --kind K --clients N --seconds S [--insecure]", Hogs::run);

    /** What they do again and again. */
    enum Kind {
        /** Ask, and read the response as it comes. */
        DOWNLOADS,
        /** Send a body of 1 MiB, and read the response. */
        UPLOADS,
        /** Send a hundred requests at once, and read the responses. */
        PIPELINED,
        /** Send a request byte by byte, over TLS a record each, and read the response. */
        BYTES
    }

    private static final int UPLOAD = 1 << 20;
    private static final int AT_ONCE = 100;
    private static final int BUFFER = 256 << 10;

    private Hogs() {}

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out)
            throws UsageException, IOException, InterruptedException {
        Target target = args.url("--url");
        Kind kind = kind(args.text("--kind", ""));
        int clients = args.number("--clients", 1, 100);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(args.number("--seconds", 1, 600));
        var connector = new Connector(target, args.has("--insecure"));
        List<Future<Long>> all = new ArrayList<>();
        long responses = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> consume(connector, target, kind, end)));
            }
            for (Future<Long> one : all) {
                responses += one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        out.println(new Json().add("responses", responses));
    }

    private static Kind kind(String name) throws UsageException {
        try {
            return Kind.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--kind: " + name + " (expected: downloads, uploads, pipelined or bytes)");
        }
    }

    /** Returns how many responses there were. */
    private static long consume(Connector connector, Target target, Kind kind, long end) throws IOException {
        ByteBuffer request = request(target, kind);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);
        long responses = 0;
        try (Wire wire = connector.open()) {
            while (System.nanoTime() < end) {
                send(wire, request, kind);
                int due = kind == Kind.PIPELINED ? AT_ONCE : 1;
                for (var scanner = new ResponseScanner(); due > 0; due--) {
                    await(wire, scanner, buffer);
                    responses++;
                }
            }
        }
        return responses;
    }

    private static ByteBuffer request(Target target, Kind kind) {
        if (kind == Kind.UPLOADS) {
            byte[] head = ("POST " + target.path() + " HTTP/1.1\r\nHost: "
                            + target.uri().getRawAuthority() + "\r\nContent-Length: " + UPLOAD + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocateDirect(head.length + UPLOAD).put(head).position(0);
        }
        ByteBuffer one = target.get("");
        int times = kind == Kind.PIPELINED ? AT_ONCE : 1;
        ByteBuffer all = ByteBuffer.allocateDirect(times * one.remaining());
        for (int i = 0; i < times; i++) {
            all.put(one.duplicate());
        }
        return all.flip();
    }

    private static void send(Wire wire, ByteBuffer request, Kind kind) throws IOException {
        if (kind != Kind.BYTES) {
            wire.send(request);
            return;
        }
        for (int i = 0; i < request.limit(); i++) {
            wire.send(request.slice(i, 1));
        }
    }

    private static void await(Wire wire, ResponseScanner scanner, ByteBuffer buffer) throws IOException {
        while (!scanner.take(buffer)) {
            int n = wire.receive(buffer.clear());
            buffer.flip();
            if (n < 0) {
                throw new EOFException("closed by the server");
            }
        }
        if (!scanner.succeeded()) {
            throw new IOException("not answered well");
        }
    }
}
