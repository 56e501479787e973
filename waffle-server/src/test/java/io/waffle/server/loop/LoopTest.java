// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test runs on loops that carry their virtual threads, and on loops that only wake those of the JDK's scheduler. */
@Timeout(60)
class LoopTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final ServerSocketChannel listener;
    private Loops loops;

    LoopTest() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
    }

    @AfterEach
    void close() throws IOException {
        loops.close();
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesComeBackWholeThoughBothSidesStall(boolean carry) throws Exception {
        loops = Loops.start(2, carry, MemoryBudget.boundless());
        byte[] sent = new byte[5_000_000];
        new Random(1).nextBytes(sent);
        try (Socket client = connect(LoopTest::echo)) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writing.orTimeout(200, TimeUnit.MILLISECONDS)
                    .exceptionally(e -> null)
                    .join(); // let every buffer fill first
            assertArrayEquals(sent, client.getInputStream().readAllBytes());
        }
    }

    /** As for content of a known length, behind whose run no CRLF follows. A channel that thinks it may write again spins, and holds up its loop. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGatheringWriteWhoseLastBufferIsEmptyWaitsForASlowReader(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        byte[] sent = new byte[20_000_000]; // more than the buffers of both sockets hold
        new Random(2).nextBytes(sent);
        ByteBuffer[] parts = {
            ByteBuffer.allocateDirect(0), ByteBuffer.allocateDirect(sent.length), ByteBuffer.allocateDirect(0)
        };
        parts[1].put(sent).flip();
        CompletableFuture<Boolean> readyWhenFull = new CompletableFuture<>();
        try (Socket client = connect(channel -> {
            while (channel.tryWrite(parts, 0, parts.length) > 0) {}
            readyWhenFull.complete(channel.isReady(Channel.WRITE));
            while (parts[1].hasRemaining()) {
                if (channel.tryWrite(parts, 0, parts.length) == 0) {
                    channel.await(Channel.WRITE);
                }
            }
            channel.shutdownOutput();
        })) {
            assertFalse(readyWhenFull.get(30, TimeUnit.SECONDS));
            assertArrayEquals(sent, client.getInputStream().readAllBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAlarmGoesOffOnceAndNotWhenItHasEnded(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        Loop loop = loops.all().getFirst();
        AtomicInteger rung = new AtomicInteger();
        loop.alarm(rung::incrementAndGet).at(Deadline.now());
        Alarm ended = loop.alarm(rung::incrementAndGet);
        ended.at(Deadline.in(Duration.ofMillis(300)));
        ended.end();
        ended.at(Deadline.now());
        CompletableFuture<Integer> last = new CompletableFuture<>();
        loop.alarm(() -> last.complete(rung.get())).at(Deadline.in(Duration.ofMillis(600)));
        assertEquals(1, last.get(30, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyConnectionsTakeTurns(boolean carry) throws Exception {
        loops = Loops.start(2, carry, MemoryBudget.boundless());
        Socket[] clients = new Socket[50];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = connect(LoopTest::echo);
        }
        for (int round = 0; round < 20; round++) {
            for (Socket client : clients) {
                client.getOutputStream().write(round);
            }
            for (Socket client : clients) {
                assertEquals(round, client.getInputStream().read());
            }
        }
        for (Socket client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPassedDeadlineWakesTheWaiter(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        try (Socket client = connect(channel -> {
            channel.deadline(Deadline.in(50_000_000));
            thrown.complete(assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocateDirect(10))));
        })) {
            assertInstanceOf(
                    DeadlineException.class, thrown.get(20, TimeUnit.SECONDS)); // less than a turn of the wheel
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingFromAnotherThreadWakesTheWaiter(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        CompletableFuture<Channel> opened = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        CountDownLatch reading = new CountDownLatch(1);
        try (Socket client = connect(channel -> {
            opened.complete(channel);
            reading.countDown();
            thrown.complete(assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocateDirect(10))));
        })) {
            reading.await();
            opened.get().close();
            assertTrue(thrown.get(10, TimeUnit.SECONDS) instanceof IOException);
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThreadWaitsForTwoChannels(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        try (ServerSocket backend = new ServerSocket(0, 1, LOOPBACK)) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            try (Socket client = connect(channel -> heard.complete(listenToBoth(channel, backend.getLocalPort())));
                    Socket behind = backend.accept()) {
                behind.getOutputStream().write('b');
                assertEquals('b', client.getInputStream().read());
                client.getOutputStream().write('c');
                assertEquals("bc", heard.get());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRefusedConnectionSaysSo(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
            port = gone.getLocalPort();
        }
        CompletableFuture<PlainChannel> connecting = new CompletableFuture<>();
        loops.all().getFirst().run(() -> {
            try {
                connecting.complete(PlainChannel.connect(
                        new InetSocketAddress(LOOPBACK, port), loops.all().get(0), Deadline.in(5_000_000_000L)));
            } catch (IOException e) {
                connecting.completeExceptionally(e);
            }
        });
        assertInstanceOf(
                ConnectException.class,
                assertThrows(ExecutionException.class, connecting::get).getCause());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatArrivesUnattendedIsNoticed(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        CountDownLatch noticed = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (Socket client = connect(channel -> {
            channel.unattended(noticed::countDown);
            left.countDown();
            try {
                noticed.await(); // a wait for something other than the channel
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })) {
            left.await();
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.close();
            assertTrue(noticed.await(10, TimeUnit.SECONDS));
        }
    }

    /** The host tells an error once; asked again, it would say that the stream has ended. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResetIsAnErrorAndNoEnd(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        SocketCalls.link(); // now, not when its thread gets to it
        CompletableFuture<Integer> read = new CompletableFuture<>();
        try (Socket client = connect(channel -> {
            try {
                read.complete(channel.read(ByteBuffer.allocateDirect(1)));
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        })) {
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        assertInstanceOf(
                SocketException.class,
                assertThrows(ExecutionException.class, () -> read.get(10, TimeUnit.SECONDS))
                        .getCause());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aThreadThatOnlyYieldsKeepsNoChannelFromItsTurn(boolean carry) throws Exception {
        loops = Loops.start(1, carry, MemoryBudget.boundless());
        AtomicBoolean heard = new AtomicBoolean();
        CountDownLatch yielding = new CountDownLatch(1);
        Thread restless = loops.all().getFirst().run(() -> {
            while (!heard.get()) {
                loops.all().getFirst().pass();
                yielding.countDown();
            }
        });
        try (Socket client = connect(channel -> {
            channel.read(ByteBuffer.allocateDirect(1));
            heard.set(true);
        })) {
            yielding.await();
            client.getOutputStream().write('x');
            assertTrue(restless.join(Duration.ofSeconds(10)));
        } finally {
            heard.set(true);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void loopsAcceptFromOneSocketUntilItIsClosed(boolean carry) throws Exception {
        loops = Loops.start(2, carry, MemoryBudget.boundless());
        InetSocketAddress address;
        List<Thread> accepting = new ArrayList<>();
        Semaphore accepted = new Semaphore(0);
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.configureBlocking(false);
            address = (InetSocketAddress)
                    socket.bind(new InetSocketAddress(LOOPBACK, 0)).getLocalAddress();
            for (Loop loop : loops.all()) {
                Acceptor acceptor = Acceptor.of(socket, loop);
                accepting.add(loop.run(() -> acceptUntilInterrupted(acceptor, accepted)));
            }
            for (int i = 0; i < 100; i++) {
                new Socket(address.getAddress(), address.getPort()).close();
            }
            assertTrue(accepted.tryAcquire(100, 10, TimeUnit.SECONDS));
            accepting.forEach(Thread::interrupt);
            for (Thread thread : accepting) {
                assertTrue(thread.join(Duration.ofSeconds(10)));
            }
        }
        assertThrows(ConnectException.class, () -> new Socket(address.getAddress(), address.getPort()));
    }

    /** Until it is interrupted, or finds that another has closed the socket; either way its loop lets go of it. */
    private static void acceptUntilInterrupted(Acceptor acceptor, Semaphore accepted) {
        try {
            try {
                while (true) {
                    SocketChannel client = acceptor.tryAccept();
                    if (client == null) {
                        acceptor.awaitClient();
                    } else {
                        client.close();
                        accepted.release();
                    }
                }
            } catch (InterruptedIOException | ClosedChannelException e) {
                acceptor.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Talk {
        void with(Channel channel) throws IOException;
    }

    private Socket connect(Talk talk) throws IOException {
        Socket client = new Socket(LOOPBACK, listener.socket().getLocalPort());
        SocketChannel accepted = listener.accept();
        Loop loop = loops.all().getFirst();
        loop.run(() -> {
            try (Channel channel = PlainChannel.of(accepted, loop)) {
                talk.with(channel);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return client;
    }

    private static void echo(Channel channel) throws IOException {
        ByteBuffer buffer = channel.loop().buffers().large();
        while (channel.read(buffer) >= 0) {
            channel.write(buffer.flip());
            buffer.clear();
        }
        channel.loop().buffers().giveBack(buffer);
        channel.shutdownOutput();
    }

    private static String listenToBoth(Channel client, int backendPort) throws IOException {
        StringBuilder heard = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        try (Channel backend = PlainChannel.connect(
                new InetSocketAddress(LOOPBACK, backendPort), client.loop(), Deadline.in(5_000_000_000L))) {
            while (heard.length() < 2) {
                if (backend.tryRead(one) > 0) {
                    heard.append((char) one.flip().get());
                    client.write(one.flip());
                    one.clear();
                } else if (client.tryRead(one) > 0) {
                    heard.append((char) one.flip().get());
                } else {
                    Channel.awaitAny(client, Channel.READ, backend, Channel.READ);
                }
            }
        }
        return heard.toString();
    }
}
