// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that leaves while nothing happens at all: every deadline is longer than these tests wait, so that nothing but its leaving ends a wait. */
final class ClientGoneInWaitIT {

    private static final String[] PATIENT = {
        "-admin", "127.0.0.1:0",
        "-timeout-connect", "10m",
        "-timeout-first-byte", "10m",
        "-timeout-body", "10m"
    };

    private static Site site;

    /** How it goes. Its request has been sent, and all that has come of an answer been read. */
    enum Farewell {
        /** As when its host or its network fails. */
        RESET,
        /** It may have closed its sending half only: a byte is sent ahead to find out. */
        CLOSE,
        /** It has closed its sending half, and was found to listen still. */
        RESET_AFTER_HALF_CLOSE
    }

    @BeforeAll
    static void start() {
        site = Site.open(1, PATIENT);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    private static void leave(RawClient client, Farewell farewell, char ahead) {
        switch (farewell) {
            case RESET -> client.reset();
            case CLOSE -> client.close();
            case RESET_AFTER_HALF_CLOSE -> {
                client.finish();
                assertEquals(String.valueOf(ahead), client.readText(1));
                client.reset();
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse when the queue is full")
    @DisplayName("28 a client that leaves while its backend does not answer a connect: it is not connected to any more")
    void connecting() throws IOException {
        try (SilentServer silent = new SilentServer();
                WaffleProcess waffle = start(silent.url())) {
            leaveAll(waffle);
        }
    }

    @Test
    @DisplayName("28 a client that leaves while the name of its backend is looked up")
    void lookingUp() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                WaffleProcess waffle = start("http://app1:80", "-dns-servers", "127.0.0.1:" + silent.getLocalPort())) {
            leaveAll(waffle);
        }
    }

    /** One in each way, of whom none can be served. */
    private static void leaveAll(WaffleProcess waffle) {
        AdminClient admin = AdminClient.of(waffle);
        for (Farewell farewell : Farewell.values()) {
            try (RawClient client = RawClient.to(waffle.port()).send(RawClient.GET)) {
                assertTrue(Eventually.holds(() -> inFlight(admin) == 1));
                leave(client, farewell, 'H');
                assertTrue(Eventually.holds(() -> inFlight(admin) == 0), farewell::name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("28 a client that leaves while its backend works, after a half-close too")
    void working(Farewell farewell) {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<RawClient.End> end = new CompletableFuture<>();
        site.backend().on(request -> {
            request.readBody();
            begun.complete(null);
            end.complete(request.connection().awaitEnd());
        });
        try (RawClient client = site.client().send(RawClient.GET)) {
            Wait.result(begun);
            leave(client, farewell, 'H');
            assertCancelled(end);
        }
    }

    /** To a client of HTTP/1.0 nothing can be said ahead of a body that ends with its connection, so there only a reset is noticed. */
    @ParameterizedTest
    @CsvSource({"1.1, RESET", "1.1, CLOSE", "1.1, RESET_AFTER_HALF_CLOSE", "1.0, RESET"})
    @DisplayName("28 a client that leaves in a stream that is silent")
    void silentStream(String version, Farewell farewell) {
        CompletableFuture<RawClient.End> end = streaming();
        try (RawClient client = stream(version)) {
            leave(client, farewell, '0');
            assertCancelled(end);
        }
    }

    @Test
    @DisplayName("28 a client of HTTP/1.0 that closes its sending half in a stream that is silent, then resets")
    void resetAfterHalfCloseOfTheOld() {
        CompletableFuture<RawClient.End> end = streaming();
        try (RawClient client = stream("1.0").finish()) {
            assertEquals(
                    200, site.get("/other").status()); // by now it has been seen, or will be at once with the reset
            client.reset();
            assertCancelled(end);
        }
    }

    /** The first request gets the beginning of a stream, and no more. */
    private static CompletableFuture<RawClient.End> streaming() {
        CompletableFuture<RawClient.End> end = new CompletableFuture<>();
        site.backend().on(request -> {
            request.readBody();
            if (request.head().target().equals("/other")) {
                request.connection().answer(200, "ok");
                return;
            }
            request.connection()
                    .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .chunk("first");
            end.complete(request.connection().awaitEnd());
        });
        return end;
    }

    /** A client that has read the beginning of its stream. */
    private static RawClient stream(String version) {
        RawClient client = site.client().send("GET / HTTP/" + version + "\r\nHost: waffle.test\r\n\r\n");
        assertEquals(200, client.readHead().status());
        String first = version.equals("1.1") ? "5\r\nfirst\r\n" : "first";
        assertEquals(first, client.readText(first.length()));
        return client;
    }

    /** The backend is told, and has its place free again. */
    private static void assertCancelled(CompletableFuture<RawClient.End> end) {
        Wait.result(end);
        AdminClient admin = AdminClient.of(site.waffle());
        assertTrue(Eventually.holds(() -> inFlight(admin) == 0));
    }

    private static int inFlight(AdminClient admin) {
        return admin.get("/api/pools")
                .getJsonArray("pools")
                .getJsonObject(0)
                .getJsonObject("counts")
                .getInt("in_flight");
    }

    private static WaffleProcess start(String backend, String... more) {
        List<String> arguments = new ArrayList<>(List.of("-backends", backend));
        arguments.addAll(List.of(PATIENT));
        arguments.addAll(List.of(more));
        return WaffleProcess.start(arguments.toArray(String[]::new));
    }
}
