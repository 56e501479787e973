// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.PlainChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bounds of listening to a client that still sends: each is short in one test, and endless in the others. */
@Timeout(60)
final class EndingTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofHours(1);
    private static final long FEW = 1 << 20;

    private final AtomicBoolean draining = new AtomicBoolean();
    private Loops loops;
    private ServerSocketChannel listener;
    private Socket client;
    private SocketChannel accepted;

    @BeforeEach
    void connect() throws IOException {
        loops = Loops.start(1, MemoryBudget.boundless());
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = new Socket(InetAddress.getLoopbackAddress(), listener.socket().getLocalPort());
        accepted = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        loops.close();
        listener.close();
    }

    @Test
    void aSilentClientIsWaitedForNoLongerThanIdle() {
        CompletableFuture<Void> end = linger(new Ending(LONG, SHORT, Long.MAX_VALUE));
        assertInstanceOf(DeadlineException.class, failure(end));
    }

    @Test
    void aClientThatSendsOnIsListenedToForTheTime() throws IOException {
        long begun = System.nanoTime();
        CompletableFuture<Void> end = linger(new Ending(SHORT, LONG, Long.MAX_VALUE));
        long sent = sendUntilCutOff();
        assertTrue(sent > 0 && System.nanoTime() - begun >= SHORT.toNanos(), () -> sent + " bytes");
        end.exceptionally(late -> null).join(); // it may be between two reads when its time is over, or in one
    }

    @Test
    void aClientThatSendsTooMuchIsCutOff() throws Exception {
        CompletableFuture<Void> end = linger(new Ending(LONG, LONG, FEW));
        assertTrue(sendUntilCutOff() >= FEW);
        end.get();
    }

    @Test
    void atAStopIdleIsAllThereIs() throws IOException {
        draining.set(true);
        CompletableFuture<Void> end = linger(new Ending(LONG, SHORT, Long.MAX_VALUE));
        assertTrue(sendUntilCutOff() > 0);
        end.exceptionally(late -> null).join();
    }

    @Test
    void aClientThatEndsItsStreamEndsIt() throws Exception {
        CompletableFuture<Void> end = linger(new Ending(LONG, LONG, Long.MAX_VALUE));
        client.getOutputStream().write(new byte[100_000]);
        client.shutdownOutput();
        end.get();
    }

    /** A host that has read nothing has everything all the same; one that has no room for it has not. */
    @Test
    void aResetWaitsUntilAllHasArrivedButNotForEver() {
        Ending ending = new Ending(SHORT, LONG, Long.MAX_VALUE);
        CompletableFuture<Void> end = on(channel -> {
            ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
            while (channel.tryWrite(bytes.clear()) == bytes.capacity()) {
                assertTrue(channel.isOpen());
            }
            long begun = System.nanoTime();
            ending.breakOff(channel, true, true, bytes, draining::get);
            assertTrue(System.nanoTime() - begun >= SHORT.toNanos());
        });
        end.join();
        Assertions.assertThrows(
                SocketException.class, () -> client.getInputStream().readAllBytes());
    }

    private CompletableFuture<Void> linger(Ending ending) {
        return on(channel -> ending.linger(channel, ByteBuffer.allocateDirect(8192), draining::get));
    }

    private interface Steps {
        void take(PlainChannel channel) throws IOException;
    }

    private CompletableFuture<Void> on(Steps steps) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Loop loop = loops.all().getFirst();
        loop.run(() -> {
            try (PlainChannel channel = PlainChannel.of(accepted, loop)) {
                steps.take(channel);
                end.complete(null);
            } catch (IOException | RuntimeException | AssertionError e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    /** Sends until the other side closes; returns how much that was. */
    private long sendUntilCutOff() throws IOException {
        byte[] bytes = new byte[10_000];
        long sent = 0;
        try {
            while (true) {
                client.getOutputStream().write(bytes);
                sent += bytes.length;
            }
        } catch (SocketException e) {
            return sent;
        }
    }

    private static Throwable failure(CompletableFuture<Void> end) {
        return Assertions.assertThrows(ExecutionException.class, end::get).getCause();
    }
}
