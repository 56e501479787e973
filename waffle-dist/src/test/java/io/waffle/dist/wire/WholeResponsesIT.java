// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Taken over is not sent: whatever a response says it is arrives, byte for byte, however its connection ends and however its client reads, and the end
 * itself is a proper one. {@code build/transfers} runs thousands.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
final class WholeResponsesIT {
    private static final int TRANSFERS = Integer.getInteger("waffle.transfers", 18);
    private static final long SEED = Long.getLong("waffle.transfers.seed", 20_261_130);
    private static final int AT_ONCE = 18;
    private static final int WHEN_STOPPED = 9;
    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final int MOST = 8 << 20;
    private static final int MOST_SLOWLY = 2 << 20;

    enum Front {
        PLAIN,
        OPENSSL,
        JSSE
    }

    /** How the connection is meant to go on behind the response. */
    enum Manner {
        CLOSE,
        KEEP_ALIVE,
        HTTP_1_0;

        String request(String path) {
            return switch (this) {
                case CLOSE -> "GET " + path + " HTTP/1.1\r\nHost: waffle.test\r\nConnection: close\r\n\r\n";
                case KEEP_ALIVE -> "GET " + path + " HTTP/1.1\r\nHost: waffle.test\r\n\r\n";
                case HTTP_1_0 -> "GET " + path + " HTTP/1.0\r\n\r\n";
            };
        }
    }

    /** How the client reads. */
    enum Reader {
        FAST(0, 0),
        STALLING(300, 50),
        /** A megabyte a second. */
        SLOW(0, 65);

        private final int before;
        private final int forEach64KiB;

        Reader(int before, int forEach64KiB) {
            this.before = before;
            this.forEach64KiB = forEach64KiB;
        }

        WireReader.Sink into(Content.Check check) {
            rest(before);
            return (bytes, offset, length) -> {
                long at = check.received() >> 16;
                check.accept(bytes, offset, length);
                rest(forEach64KiB * ((check.received() >> 16) - at));
            };
        }

        private static void rest(long millis) {
            long until = System.nanoTime() + millis * 1_000_000;
            for (long left = millis; left > 0; left = (until - System.nanoTime()) / 1_000_000) {
                LockSupport.parkNanos(left * 1_000_000);
            }
        }
    }

    /** @param framing how the backend ends its response: by its length, by a last chunk, or by closing */
    record Transfer(Manner manner, Reader reader, Body.Framing framing, long length) {

        static Transfer random(Random random) {
            Reader reader = pick(random, Reader.values());
            double most = Math.log(reader == Reader.SLOW ? MOST_SLOWLY : MOST);
            Body.Framing framing = pick(random, Body.Framing.LENGTH, Body.Framing.CHUNKED, Body.Framing.CLOSE);
            return new Transfer(
                    pick(random, Manner.values()), reader, framing, Math.round(Math.exp(random.nextDouble() * most)));
        }

        @SafeVarargs
        private static <T> T pick(Random random, T... all) {
            return all[random.nextInt(all.length)];
        }

        String request() {
            return manner.request("/" + framing + "/" + length);
        }
    }

    @ParameterizedTest
    @EnumSource(Front.class)
    @DisplayName(
            "responses of 1 B to 8 MiB arrive whole, to fast, stalling and slow readers, before every kind of end, and at a stop")
    void whole(Front front, @TempDir Path folder) throws Exception {
        Random random = new Random(SEED + front.name().length());
        try (Site site = Site.open(1, flags(front, folder));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assumeFalse(front == Front.OPENSSL && !site.waffle().output().contains("TLS by OpenSSL"));
            site.backend().on(WholeResponsesIT::serve);
            Semaphore places = new Semaphore(AT_ONCE);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < TRANSFERS; i++) {
                Transfer transfer = Transfer.random(random);
                places.acquire();
                running.add(threads.submit(() -> {
                    try {
                        receive(site, front, transfer, new CountDownLatch(1), true);
                    } finally {
                        places.release();
                    }
                }));
            }
            awaitAll(running);
            stop(site, front, random, threads);
        }
    }

    /** The stop comes when all have begun to receive, and nobody is cut off. */
    private static void stop(Site site, Front front, Random random, ExecutorService threads) throws Exception {
        CountDownLatch begun = new CountDownLatch(WHEN_STOPPED);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < WHEN_STOPPED; i++) {
            Manner manner = Manner.values()[i % 3];
            Reader reader = Reader.values()[i / 3 % 3];
            Body.Framing framing = Transfer.random(random).framing();
            Transfer transfer = new Transfer(manner, reader, framing, MOST_SLOWLY - random.nextInt(100_000));
            running.add(threads.submit(() -> receive(site, front, transfer, begun, false)));
        }
        Wait.until(begun);
        site.waffle().signal("TERM");
        awaitAll(running);
        WaffleProcess.Ended ended = site.waffle().awaitEnd();
        assertEquals(0, ended.code(), ended::output);
    }

    private static void awaitAll(List<Future<?>> running) throws Exception {
        for (Future<?> transfer : running) {
            transfer.get();
        }
    }

    private static void receive(Site site, Front front, Transfer transfer, CountDownLatch begun, boolean goesOn) {
        try (RawClient client = client(site, front)) {
            client.send(transfer.request());
            Head head = client.readHead();
            begun.countDown();
            assertEquals(200, head.status());
            Content.Check check = new Content.Check();
            body(head, client.reader(), transfer.reader().into(check));
            assertEquals(transfer.length(), check.received());
            if (goesOn && transfer.manner() == Manner.KEEP_ALIVE) {
                assertEquals(200, client.exchangeGet("/LENGTH/2").status());
            } else {
                assertEquals(RawClient.End.CLOSED, client.awaitEnd());
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            begun.countDown();
            throw new AssertionError(front + " " + transfer + ": " + e, e);
        }
    }

    private static void body(Head head, WireReader from, WireReader.Sink to) throws IOException {
        if (head.has("Transfer-Encoding")) {
            from.chunked(to);
        } else if (head.has("Content-Length")) {
            from.exactly(Long.parseLong(head.value("Content-Length").orElseThrow()), to);
        } else {
            from.toEnd(to);
        }
    }

    private static RawClient client(Site site, Front front) {
        return front == Front.PLAIN
                ? RawClient.withReceiveBuffer(RECEIVE_BUFFER, site.port())
                : RawClient.overTls(site.port(), TestCertificates.shared().clientContext(), RECEIVE_BUFFER);
    }

    private static void serve(BackendRequest request) throws IOException {
        request.readBody();
        List<String> asked = List.of(request.head().target().split("/", -1));
        long length = Long.parseLong(asked.get(2));
        BackendConnection to = request.connection();
        switch (Body.Framing.valueOf(asked.get(1))) {
            case CHUNKED -> {
                to.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                Content.sendChunked(length, to.socket().getOutputStream());
            }
            case CLOSE -> {
                to.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                Content.send(length, to.socket().getOutputStream());
                to.close();
            }
            default -> {
                to.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                Content.send(length, to.socket().getOutputStream());
            }
        }
    }

    private static String[] flags(Front front, Path folder) throws IOException {
        if (front == Front.PLAIN) {
            return new String[0];
        }
        String certificate =
                TestCertificates.shared().ec().write(folder, "server").toString();
        String key = folder.resolve("server.key").toString();
        String provider = front == Front.OPENSSL ? "auto" : "jsse";
        String[] tls = {"-tls-provider", provider, "-tls-cert", certificate, "-tls-key", key};
        return Options.with(
                tls, "-timeout-tls-handshake", "5m"); // a busy machine may keep clients from theirs for long
    }
}
