// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.HealthConfig;
import io.waffle.server.config.StatusRange;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.pool.LogLines;
import io.waffle.server.pool.Policy;
import io.waffle.server.pool.Pool;
import io.waffle.server.tls.TestAuthority;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks against a real server on loopback. A pool makes a new picker on each flip: that is what the tests wait for. */
final class HealthChecksTest {

    private static final Duration INTERVAL = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Flips flips = new Flips();
    private final LogLines log = new LogLines("io.waffle.health");

    @BeforeEach
    void listen() {
        log.start();
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    /** Whoever uses a probe outside the checks has nobody that ends it. Linux takes two connections for a backlog of one, and answers no third. */
    @Test
    void connectingHasALimitOfItsOwn() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket full = new ServerSocket(0, 1, loopback);
                Pool pool = pool("http://127.0.0.1:" + full.getLocalPort())) {
            TcpProbe probe = new TcpProbe(new Resolver(), BackendConfig::port, 0, Duration.ofMillis(50));
            try (Socket first = new Socket(loopback, full.getLocalPort());
                    Socket second = new Socket(loopback, full.getLocalPort())) {
                assertTrue(first.isConnected() && second.isConnected());
                assertThrows(
                        SocketTimeoutException.class,
                        () -> probe.complaint(pool.backends().getFirst()));
            }
        }
    }

    @Test
    void backendGoesDownAndComesBackAndOnlyFlipsAreLogged() throws Exception {
        try (LoopbackServer server = new LoopbackServer();
                Pool pool = pool("http://localhost:" + server.port() + "/app");
                HealthChecks checks = checks(pool, "/health?deep=1", LONG)) {
            server.answer(503);
            checks.start();
            assertEquals("GET /app/health?deep=1 HTTP/1.1", server.request());
            flips.awaitDown();
            server.answer(302);
            flips.awaitUp();
            server.answer(204);
            server.request();
            server.request();
            server.request();
            String id = pool.backends().getFirst().id();
            assertEquals(
                    List.of(
                            "backend " + id
                                    + " is down: GET /app/health?deep=1 failed 3 times in a row, last with: status 503",
                            "backend " + id + " is up again: GET /app/health?deep=1 succeeded 2 times in a row"),
                    log.await(2));
        }
    }

    @Test
    void aBackendIsDownByTheTimeTheLogSaysSo() throws Exception {
        CompletableFuture<Boolean> upWhenSaid = new CompletableFuture<>();
        try (LoopbackServer server = new LoopbackServer();
                Pool pool = pool("http://localhost:" + server.port());
                HealthChecks checks = checks(pool, "/", LONG);
                LogLines lines = new LogLines("io.waffle.health") {
                    @Override
                    public void publish(LogRecord line) {
                        upWhenSaid.complete(pool.backends().getFirst().isUp());
                    }
                }) {
            lines.start();
            server.answer(503);
            checks.start();
            assertFalse(upWhenSaid.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void silenceIsFailure() throws Exception {
        try (LoopbackServer server = new LoopbackServer();
                Pool pool = pool("http://localhost:" + server.port());
                HealthChecks checks = checks(pool, "/", Duration.ofMillis(50))) {
            server.answer(LoopbackServer.SILENT);
            checks.start();
            flips.awaitDown();
            assertTrue(log.await(1).getFirst().endsWith("no answer within 50 ms"), () -> log.lines()
                    .toString());
        }
    }

    @Test
    void refusedConnectionIsFailure() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (Pool pool = pool("http://localhost:" + port);
                HealthChecks checks = checks(pool, "/", LONG)) {
            checks.start();
            flips.awaitDown();
        }
    }

    @Test
    void bodyWithoutEndDoesNotHoldUpTheChecks() throws Exception {
        try (LoopbackServer server = new LoopbackServer();
                Pool pool = pool("http://localhost:" + server.port());
                HealthChecks checks = checks(pool, "/", LONG)) {
            server.answerWithoutEnd();
            checks.start();
            for (int i = 0; i < 5; i++) {
                server.request();
            }
            assertTrue(pool.backends().getFirst().isUp());
        }
    }

    @Test
    void backendThatJoinsIsWatchedAfterRefresh() throws Exception {
        try (LoopbackServer first = new LoopbackServer();
                LoopbackServer second = new LoopbackServer();
                Pool pool = pool("http://localhost:" + first.port());
                HealthChecks checks = checks(pool, "/", LONG)) {
            checks.start();
            first.request();
            pool.update(List.of(backend("http://localhost:" + second.port())));
            checks.refresh();
            second.request();
        }
    }

    @Test
    void stoppedChecksLookNoMoreAndMarkNothing() throws Exception {
        try (LoopbackServer server = new LoopbackServer();
                Pool pool = pool("http://localhost:" + server.port())) {
            server.answer(LoopbackServer.SILENT);
            HealthChecks checks = checks(pool, "/", LONG);
            checks.start();
            server.request();
            checks.close();
            checks.close();
            checks.start();
            checks.close();
            assertEquals(0, server.untaken());
            assertTrue(pool.backends().getFirst().isUp());
        }
    }

    @Test
    void withoutPathOrDisabledNothingHappens() throws Exception {
        try (LoopbackServer server = new LoopbackServer();
                Pool pool = pool("http://localhost:" + server.port())) {
            for (HealthConfig off :
                    List.of(config(Optional.empty(), LONG, false), config(Optional.of("/"), LONG, true))) {
                try (HealthChecks checks =
                        new HealthChecks(off, pool, HealthChecksTest::noTls, new Random(1), new Resolver(), 0)) {
                    checks.start();
                }
            }
            assertEquals(0, server.untaken());
        }
    }

    @Test
    void backendIsSpokenToOverTlsWithTheTrustHandedIn() throws Exception {
        TestAuthority authority = TestAuthority.root("Root", "EC");
        SSLContext serverTls = authority.issue("EC", "localhost").serverContext();
        SSLContext trusting = authority.clientContext();
        SSLContext distrusting = TestAuthority.root("Another", "EC").clientContext();
        try (LoopbackServer server = new LoopbackServer(serverTls.getServerSocketFactory());
                Pool pool = pool("https://localhost:" + server.port())) {
            HealthConfig config = config(Optional.of("/"), LONG, false);
            try (HealthChecks checks =
                    new HealthChecks(config, pool, by(distrusting), new Random(1), new Resolver(), 0)) {
                checks.start();
                flips.awaitDown();
            }
            try (HealthChecks checks = new HealthChecks(config, pool, by(trusting), new Random(1), new Resolver(), 0)) {
                checks.start();
                assertEquals("GET / HTTP/1.1", server.request());
                flips.awaitUp();
            }
        }
    }

    @Test
    void trustThatCannotBeHadCountsAsFailure() throws Exception {
        SSLContext serverTls =
                TestAuthority.root("Root", "EC").issue("EC", "localhost").serverContext();
        try (LoopbackServer server = new LoopbackServer(serverTls.getServerSocketFactory());
                Pool pool = pool("https://localhost:" + server.port());
                HealthChecks checks = new HealthChecks(
                        config(Optional.of("/"), LONG, false),
                        pool,
                        HealthChecksTest::noTls,
                        new Random(1),
                        new Resolver(),
                        0)) {
            checks.start();
            flips.awaitDown();
            assertTrue(log.await(1).getFirst().endsWith("no trust here"), () -> log.lines()
                    .toString());
        }
    }

    private static Socket noTls(Socket connected, String host, int port) {
        throw new IllegalStateException("no trust here");
    }

    private static Secure by(SSLContext context) {
        return (connected, host, port) -> context.getSocketFactory().createSocket(connected, host, port, true);
    }

    private Pool pool(String url) {
        EjectionConfig none = Configs.ejection(
                true,
                1,
                1,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                0,
                EjectionConfig.AllDown.FAIL);
        return new Pool(
                "main",
                List.of(backend(url)),
                new Policy(flips, none, Duration.ZERO, Optional.empty()),
                (delay, task) -> {},
                System::nanoTime,
                new Random(1));
    }

    private static BackendConfig backend(String url) {
        return Configs.backend(BackendUrl.of(URI.create(url)), 1, Map.of());
    }

    private static HealthConfig config(Optional<String> path, Duration timeout, boolean disabled) {
        return new HealthConfig(
                HealthConfig.Kind.HTTP,
                path,
                "GET",
                Optional.empty(),
                new StatusRange(200, 399),
                Optional.empty(),
                INTERVAL,
                timeout,
                2,
                3,
                32,
                disabled);
    }

    private static HealthChecks checks(Pool pool, String path, Duration timeout) throws Exception {
        SSLContext context = SSLContext.getDefault();
        return new HealthChecks(
                config(Optional.of(path), timeout, false), pool, by(context), new Random(1), new Resolver(), 0);
    }

    /** Told of each flip by being asked for a picker. The state itself is read from the backend: only that counts. */
    private static final class Flips implements Strategy {

        private final BlockingQueue<List<Backend>> changes = new LinkedBlockingQueue<>();

        @Override
        public Picker picker(List<Backend> backends) {
            changes.add(backends);
            return pick -> backends.getFirst();
        }

        void awaitDown() throws InterruptedException {
            await(false);
        }

        void awaitUp() throws InterruptedException {
            await(true);
        }

        private void await(boolean up) throws InterruptedException {
            while (true) {
                List<Backend> change = changes.poll(20, TimeUnit.SECONDS);
                if (change == null) {
                    throw new AssertionError("the backend did not become " + (up ? "up" : "down"));
                }
                if (change.getFirst() instanceof io.waffle.server.pool.PooledBackend one && one.isUp() == up) {
                    return;
                }
            }
        }
    }
}
