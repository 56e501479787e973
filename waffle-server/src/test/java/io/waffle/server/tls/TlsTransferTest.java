// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.TlsPair.async;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.TlsConfig;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.tls.TlsPair.Served;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes through our TLS against the JDK's own sockets, both ways at once, on one virtual thread of ours. */
@ParameterizedClass
@EnumSource(
        value = TlsConfig.Provider.class,
        names = {"OPENSSL", "JSSE"})
@Timeout(120)
class TlsTransferTest {

    private static final int MIB = 1 << 20;

    private static TestAuthority authority;

    @Parameter
    TlsConfig.Provider provider;

    @TempDir
    Path folder;

    @BeforeAll
    static void issue() throws Exception {
        authority = TestAuthority.root("Test Root", "secp256r1");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  TLSv1.3, secp256r1, 64, 100000",
        "true,  TLSv1.2, RSA,       64, 100000",
        "true,  TLSv1.3, RSA,        4, 3000",
        "true,  TLSv1.2, secp384r1,  4, 3000",
        "false, TLSv1.3, RSA,       16, 100000",
        "false, TLSv1.2, secp256r1, 16, 20000",
    })
    void aServerSendsAndReceivesAtOnce(boolean carry, String protocol, String key, int mib, int most) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            long length = (long) mib * MIB;
            Served served = pair.serve(
                    pair.serverTls(key),
                    channel -> TestStream.duplex(channel, new TestStream(1, length), new TestStream(2, length), most));
            try (SSLSocket client = pair.jdkClient(served.client(), protocol)) {
                exchange(client, length, most);
                assertEquals(protocol, served.end().get().protocol());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true,  TLSv1.3, RSA,       64, 100000",
        "true,  TLSv1.2, secp521r1, 64, 100000",
        "true,  TLSv1.3, Ed25519,    4, 3000",
        "false, TLSv1.3, secp256r1, 16, 100000",
        "false, TLSv1.2, RSA,       16, 20000",
    })
    void aClientSendsAndReceivesAtOnce(boolean carry, String protocol, String key, int mib, int most) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider);
                SSLServerSocket server = pair.jdkServer(key, "backend")) {
            server.setEnabledProtocols(new String[] {protocol});
            long length = (long) mib * MIB;
            CompletableFuture<TlsChannel> end = pair.dial(
                    pair.clientTls(),
                    "backend",
                    server,
                    channel -> TestStream.duplex(channel, new TestStream(1, length), new TestStream(2, length), most));
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                exchange(accepted, length, most);
                assertEquals(protocol, end.get().protocol());
            }
        }
    }

    private static void exchange(SSLSocket socket, long length, int most) throws Exception {
        socket.startHandshake();
        CompletableFuture<Void> sending =
                async(() -> new TestStream(3, length).sendAll(socket.getOutputStream(), most));
        new TestStream(4, length).receiveAll(socket.getInputStream(), most);
        sending.get();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysChangeDuringATransfer(boolean carry) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            long length = 8 * MIB;
            Served served = pair.serve(
                    pair.serverTls("secp256r1"),
                    channel ->
                            TestStream.duplex(channel, new TestStream(1, length), new TestStream(2, length), 50_000));
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                CompletableFuture<Void> sending = async(() -> {
                    for (int part = 0; part < 64; part++) {
                        TestStream stream = new TestStream(part, (part + 1) * length / 64);
                        stream.advance(part * length / 64);
                        stream.sendAll(client.getOutputStream(), 20_000);
                        client.startHandshake(); // on a TLS 1.3 connection: a key update that asks for one in return
                    }
                });
                new TestStream(4, length).receiveAll(client.getInputStream(), 50_000);
                sending.get();
                served.end().get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void oneByteAtATimeIsEnough(String protocol) throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(
                    pair.serverTls("secp256r1"),
                    channel -> TestStream.duplex(channel, new TestStream(1, 40_000), new TestStream(2, 40_000), 1));
            try (SSLSocket client = pair.jdkClient(served.client(), protocol)) {
                exchange(client, 40_000, 40_000);
                served.end().get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasTakenOverLeavesWhileWaitingForSomethingElse(boolean carry) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            CountDownLatch stalled = new CountDownLatch(1);
            long[] taken = new long[1];
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                TestStream out = new TestStream(1, 64 * MIB);
                for (long n = 1; n > 0; out.advance(n)) {
                    n = channel.tryWrite(out.peek(100_000));
                }
                taken[0] = out.position();
                stalled.countDown();
                assertEquals(1, channel.read(ByteBuffer.allocate(1))); // no flush
            });
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                client.startHandshake();
                stalled.await();
                new TestStream(4, taken[0]).receiveAll(client.getInputStream(), 50_000);
                client.getOutputStream().write(1);
                served.end().get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPlainChannelAndATlsChannelAreWaitedForTogether(boolean carry) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider);
                SSLServerSocket backend = pair.jdkServer("secp256r1", "127.0.0.1")) {
            Served served = pair.serve(pair.serverTls("secp256r1"), client -> {
                ClientTls tls = pair.clientTls();
                PlainChannel socket = PlainChannel.connect(
                        new InetSocketAddress(TlsPair.LOOPBACK, backend.getLocalPort()),
                        client.loop(),
                        Deadline.in(10_000_000_000L));
                try (TlsChannel up = TlsChannel.client(socket, tls, "127.0.0.1", backend.getLocalPort())) {
                    up.handshake(Deadline.in(10_000_000_000L));
                    tunnel(client, up);
                }
            });
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                CompletableFuture<Void> echo = async(() -> {
                    try (SSLSocket accepted = (SSLSocket) backend.accept()) {
                        accepted.getInputStream().transferTo(accepted.getOutputStream());
                    }
                });
                CompletableFuture<Void> sending = async(() -> {
                    new TestStream(3, 16 * MIB).sendAll(client.getOutputStream(), 100_000);
                    client.shutdownOutput();
                });
                new TestStream(4, 16 * MIB).receiveAll(client.getInputStream(), 100_000);
                sending.get();
                assertEquals(-1, client.getInputStream().read());
                echo.get();
                served.end().get();
            }
        }
    }

    /** Both directions on one virtual thread until both have ended. */
    private static void tunnel(Channel a, Channel b) throws Exception {
        Half there = new Half(a, b);
        Half back = new Half(b, a);
        while (!there.ended || !back.ended) {
            boolean moved = there.move() | back.move();
            if (!moved) {
                Channel.awaitAny(a, there.readOps() | back.writeOps(), b, back.readOps() | there.writeOps());
            }
        }
        a.flush();
        b.flush();
    }

    private static final class Half {
        private final Channel from;
        private final Channel to;
        private final ByteBuffer buffer =
                ByteBuffer.allocateDirect(Buffers.LARGE).limit(0);
        private boolean ended;

        Half(Channel from, Channel to) {
            this.from = from;
            this.to = to;
        }

        boolean move() throws Exception {
            if (buffer.hasRemaining()) {
                return to.tryWrite(buffer) > 0;
            }
            if (ended) {
                return false;
            }
            int n = from.tryRead(buffer.clear());
            buffer.flip();
            if (n < 0) {
                ended = true;
                to.shutdownOutput();
            }
            return n != 0;
        }

        int readOps() {
            return ended || buffer.hasRemaining() ? 0 : Channel.READ;
        }

        int writeOps() {
            return buffer.hasRemaining() ? Channel.WRITE : 0;
        }
    }

    /** Reading and writing take one buffer each: two, known by sight, are enough for forty connections if an idle one holds none. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anIdleConnectionHoldsNoBuffer(String protocol) throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            ServerTls tls = pair.serverTls("secp256r1");
            Map<Loop, Set<ByteBuffer>> before = new HashMap<>();
            for (Loop loop : pair.loops.all()) {
                before.put(loop, twoOnTheShelf(loop));
            }
            List<Served> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Served served = pair.serve(tls, channel -> TestStream.echo(channel, 1));
                all.add(served);
                SSLSocket client = pair.jdkClient(served.client(), protocol);
                client.getOutputStream().write(i);
                assertEquals(i, client.getInputStream().read());
            }
            for (Loop loop : pair.loops.all()) {
                assertTrue(loop.connections() > 10);
                assertEquals(before.get(loop), twoOnTheShelf(loop));
            }
            for (Served served : all) {
                served.client().close();
                served.end().handle((channel, e) -> null).get(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Looks on the loop itself, where it cannot come between a connection and its buffer. */
    private static Set<ByteBuffer> twoOnTheShelf(Loop loop) throws Exception {
        CompletableFuture<Set<ByteBuffer>> found = new CompletableFuture<>();
        loop.run(() -> {
            Set<ByteBuffer> two = Collections.newSetFromMap(new IdentityHashMap<>());
            two.add(loop.buffers().onHeap().borrow(MemoryBudget.Use.WORK));
            two.add(loop.buffers().onHeap().borrow(MemoryBudget.Use.WORK));
            two.forEach(loop.buffers().onHeap()::giveBack);
            found.complete(two);
        });
        return found.get();
    }
}
