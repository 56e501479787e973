// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.BackendTlsConfig;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.pool.Policy;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.tls.ClientTls;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to real sockets, of backends that leave their pool. */
@Timeout(60)
final class BackendConnectionsTest {

    private static final ResponseHead LAST = new ResponseHead(HeadLimits.DEFAULT);
    private static final ByteBuffer SCRATCH = ByteBuffer.allocateDirect(1);

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final EjectionConfig NO_EJECTION = Configs.ejection(
            true, 1, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0, AllDown.FAIL);

    private Loops loops;
    private Loop loop;
    private ServerSocket server;
    private Pool pool;
    private PooledBackend backend;
    private PooledBackend other;
    private BackendConnections connections;

    @BeforeEach
    void start() throws Exception {
        loops = Loops.start(1, MemoryBudget.boundless());
        loop = loops.all().getFirst();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        List<BackendConfig> both = List.of(config(""), config("/other"));
        pool = new Pool(
                "test",
                both,
                new Policy(backends -> request -> backends.getFirst(), NO_EJECTION, Duration.ZERO, Optional.empty()),
                (delay, task) -> {},
                System::nanoTime,
                new Random(1));
        backend = pool.backends().get(0);
        other = pool.backends().get(1);
        connections = connections(Duration.ZERO);
    }

    @AfterEach
    void close() throws Exception {
        connections.closeAll();
        pool.close();
        server.close();
        loops.close();
    }

    @Test
    void whatWasGivenBackIsTakenAgain() throws Exception {
        onLoop(() -> {
            BackendConnection first = connect(backend);
            putIdle(first);
            assertEquals(1, connections.count(backend));
            assertSame(first, connections.takeIdle(backend, false, SCRATCH));
            assertNull(connections.takeIdle(backend, false, SCRATCH));
            assertNull(connections.takeIdle(other, false, SCRATCH));
            return null;
        });
    }

    @Test
    void idleOnesOfABackendThatHasLeftAreClosedAndForgotten() throws Exception {
        BackendConnection idle = onLoop(() -> putIdle(connect(backend)));
        BackendConnection stays = onLoop(() -> putIdle(connect(other)));
        assertEquals(2, connections.backends());
        leave();
        connections.closeDeparted();
        assertFalse(idle.channel().isOpen());
        assertTrue(stays.channel().isOpen());
        assertEquals(1, connections.backends());
    }

    @Test
    void oneThatIsGivenBackAfterTheDepartureIsClosed() throws Exception {
        BackendConnection used = onLoop(() -> connect(backend));
        leave();
        connections.closeDeparted();
        onLoop(() -> putIdle(used));
        assertFalse(used.channel().isOpen());
        assertEquals(0, connections.backends());
    }

    /** Giving back, and leaving with the closing behind it, on two threads at once. */
    @RepeatedTest(200)
    void noneIsLeftWhicheverComesFirst() throws Exception {
        BackendConnection used = onLoop(() -> connect(backend));
        CompletableFuture<Void> departure = CompletableFuture.runAsync(() -> {
            leave();
            connections.closeDeparted();
        });
        onLoop(() -> putIdle(used));
        departure.get();
        assertFalse(used.channel().isOpen());
        assertEquals(0, connections.backends());
    }

    @Test
    void oneThatHasLivedLongEnoughIsNotKept() throws Exception {
        BackendConnections shortLived = connections(Duration.ofNanos(1));
        onLoop(() -> {
            BackendConnection used = shortLived.connect(backend, Deadline.in(LONG), null, null);
            shortLived.putIdle(used, LAST, false, SCRATCH);
            assertFalse(used.channel().isOpen());
            assertNull(shortLived.takeIdle(backend, false, SCRATCH));
            return null;
        });
    }

    @Test
    void oneThatIsIdleWhenItHasLivedLongEnoughIsClosed() throws Exception {
        BackendConnections shortLived = connections(Duration.ofSeconds(1));
        BackendConnection idle = onLoop(() -> {
            BackendConnection used = shortLived.connect(backend, Deadline.in(LONG), null, null);
            shortLived.putIdle(used, LAST, false, SCRATCH);
            return used;
        });
        while (idle.channel().isOpen()) {
            Thread.onSpinWait(); // the loop closes it
        }
        assertEquals(0, shortLived.count(backend));
    }

    @Test
    void behindAnAnswerWithoutABodyWhatComesUpToTheNextRequestIsSeen() throws Exception {
        BackendConnection used = onLoop(() -> connect(backend));
        try (Socket accepted = server.accept()) {
            onLoop(() -> {
                connections.putIdle(used, LAST, true, SCRATCH);
                assertSame(used, connections.takeIdle(backend, false, SCRATCH));
                assertTrue(used.isStillQuiet(SCRATCH));
                accepted.getOutputStream().write('!'); // the loop is here: its selector cannot tell of it
                while (used.isStillQuiet(SCRATCH)) {
                    Thread.onSpinWait(); // it is on its way
                }
                return null;
            });
        }
    }

    private BackendConnections connections(Duration lifetime) throws Exception {
        BackendConnector connector = new BackendConnector(
                ClientTls.load(
                        new BackendTlsConfig(
                                Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty()),
                        Clock.systemUTC()),
                new Resolver(),
                0);
        return new BackendConnections(loop, 10, LONG, new Lifetime(lifetime, new Random(1)), connector);
    }

    private BackendConfig config(String path) {
        return Configs.backend(
                BackendUrl.of(URI.create("http://127.0.0.1:" + server.getLocalPort() + path)), 1, Map.of());
    }

    private void leave() {
        pool.update(List.of(config("/other")));
    }

    private BackendConnection connect(PooledBackend to) throws ExchangeException {
        return connections.connect(to, Deadline.in(LONG), null, null);
    }

    private BackendConnection putIdle(BackendConnection used) {
        connections.putIdle(used, LAST, false, SCRATCH);
        return used;
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.run(() -> {
            try {
                done.complete(task.call());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done.get();
    }
}
