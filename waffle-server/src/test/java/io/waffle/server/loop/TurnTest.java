// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody holds a loop: who never has to wait passes when his turn is spent, and what plugins start does not run there. */
@Timeout(60)
class TurnTest {

    private Loops loops;

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void whatIsDoneIsChargedUntilTheTurnIsSpent() throws Exception {
        loops = Loops.start(1, true);
        Turn turn = new Turn();
        turn.charge(Turn.BUDGET - 1);
        assertFalse(turn.isSpent());
        turn.charge(Long.MAX_VALUE);
        assertTrue(turn.isSpent());
        assertEquals(Turn.BUDGET, turn.cost());
        turn.begin();
        assertFalse(turn.isSpent());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoNeverWaitsLetsOthersHaveTheirTurn(boolean carry) throws Exception {
        loops = Loops.start(1, carry);
        AtomicBoolean served = new AtomicBoolean();
        CompletableFuture<Integer> turns = new CompletableFuture<>();
        try (Pair busy = new Pair();
                Pair other = new Pair()) {
            run(busy, channel -> {
                int count = 0;
                for (; !served.get(); count++) {
                    channel.loop().turn().charge(Turn.BUDGET);
                    channel.await(Channel.WRITE); // which it may at once
                }
                turns.complete(count);
            });
            run(other, channel -> {
                channel.await(Channel.READ);
                served.set(true);
            });
            other.near.write(ByteBuffer.wrap(new byte[1]));
            assertTrue(turns.get(30, TimeUnit.SECONDS) > 0);
        }
    }

    /** A thread of a plugin that is started from a pick may wait, or compute, for ever. */
    @Test
    void whatAThreadOfALoopStartsRunsElsewhere() throws Exception {
        loops = Loops.start(1, true);
        Loop loop = loops.all().getFirst();
        CountDownLatch goneOn = new CountDownLatch(1);
        CompletableFuture<Boolean> spun = new CompletableFuture<>();
        loop.run(() -> {
            Thread.ofVirtual().start(() -> Thread.ofVirtual().start(() -> {
                while (goneOn.getCount() > 0) {
                    Thread.onSpinWait();
                }
                spun.complete(true);
            }));
            loop.pass();
            loop.run(goneOn::countDown);
        });
        assertTrue(goneOn.await(30, TimeUnit.SECONDS));
        assertTrue(spun.get(30, TimeUnit.SECONDS));
    }

    @Test
    void theHostsCallsAreForTheThreadsOfTheLoopAlone() throws Exception {
        SocketCalls.link();
        loops = Loops.start(2, true);
        Loop loop = loops.all().getFirst();
        Loop other = loops.all().getLast();
        assertNull(loop.calls());
        assertNotNull(callsSeen(loop, loop));
        assertNull(callsSeen(other, loop));
        CompletableFuture<SocketCalls> child = new CompletableFuture<>();
        loop.run(() -> Thread.ofVirtual().start(() -> child.complete(loop.calls())));
        assertNull(child.get(30, TimeUnit.SECONDS));
    }

    private static SocketCalls callsSeen(Loop from, Loop of) throws Exception {
        CompletableFuture<SocketCalls> seen = new CompletableFuture<>();
        from.run(() -> seen.complete(of.calls()));
        return seen.get(30, TimeUnit.SECONDS);
    }

    private void run(Pair pair, Use use) {
        Loop loop = loops.all().getFirst();
        loop.run(() -> {
            try (Channel channel = PlainChannel.of(pair.far, loop)) {
                use.of(channel);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private interface Use {
        void of(Channel channel) throws IOException;
    }

    private static final class Pair implements AutoCloseable {

        private final SocketChannel near;
        private final SocketChannel far;

        Pair() throws IOException {
            try (ServerSocketChannel listener =
                    ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                near = SocketChannel.open(listener.getLocalAddress());
                far = listener.accept();
            }
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
        }
    }
}
