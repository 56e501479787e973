// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Backends nothing can be sent to. */
final class UnreachableIT {
    private static final String POST = "POST /order HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    @DisplayName("a backend that refuses: 502, whatever the method; and the connection stays")
    void refused() throws IOException {
        try (Socket refusing = boundOnly();
                var waffle = WaffleProcess.start("-backends", url(refusing));
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(502, client.exchangeGet("/").status());
            assertEquals(502, client.exchange(POST).status());
            assertEquals(502, client.exchangeGet("/").status());
        }
    }

    @Test
    @DisplayName("of two backends one refuses: the other serves, also what must not be sent twice")
    void nextBackend() throws IOException {
        try (Socket refusing = boundOnly();
                ScriptedBackend backend = ScriptedBackend.start();
                var waffle = WaffleProcess.start("-backends", url(refusing) + "," + backend.url());
                RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, client.exchange(POST).status());
                assertEquals("hello", backend.next().body().text());
            }
            assertEquals(List.of(), backend.taken());
        }
    }

    @Test
    @DisplayName("each backend that refuses is named in the log, though another one was just before")
    void everyoneIsNamed() throws IOException {
        try (Socket first = boundOnly();
                Socket second = boundOnly();
                var waffle = WaffleProcess.start("-backends", url(first) + "," + url(second));
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(502, client.exchangeGet("/").status());
            for (Socket refusing : List.of(first, second)) {
                waffle.awaitOutput(
                        Pattern.compile("backend 127\\.0\\.0\\.1:" + refusing.getLocalPort() + ": CONNECT_FAILED"));
            }
        }
    }

    /** The JVM asks a file of names instead of the system, and forgets at once what was not there. */
    @Test
    @DisplayName("M9 a name that cannot be found: a warning at the start, and 502 until it can")
    void unknownName(@TempDir Path folder) throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "");
        Path security = Files.writeString(folder.resolve("security"), "networkaddress.cache.negative.ttl=0\n");
        var names =
                Map.of("WAFFLE_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts + " -Djava.security.properties=" + security);
        try (ScriptedBackend backend = ScriptedBackend.start();
                var waffle = WaffleProcess.start(names, "-backends", "http://late.test:" + backend.port());
                RawClient client = RawClient.to(waffle.port())) {
            waffle.awaitOutput(
                    Pattern.compile("WARNING io.waffle.discovery: backend name late\\.test does not resolve"));
            assertEquals(502, client.exchangeGet("/").status());
            Files.writeString(hosts, "127.0.0.1 late.test\n");
            assertTrue(Eventually.holds(() -> client.exchangeGet("/").status() == 200));
            assertEquals("/", backend.next().head().target());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse when the queue is full")
    @DisplayName("a backend that does not answer a connect: 504 at the connect deadline, or the next backend serves")
    void silent() throws IOException {
        try (SilentServer silent = new SilentServer();
                ScriptedBackend backend = ScriptedBackend.start()) {
            timesOut(silent.url());
            passesOn(silent.url(), backend);
        }
    }

    private static void timesOut(String silent) {
        try (var waffle = WaffleProcess.start("-backends", silent, "-timeout-connect", "1s");
                RawClient client = RawClient.to(waffle.port())) {
            long start = System.nanoTime();
            assertEquals(504, client.exchange(POST).status());
            long elapsed = System.nanoTime() - start;
            assertTrue(elapsed >= TimeUnit.SECONDS.toNanos(1), () -> "after " + elapsed + " ns");
        }
    }

    private static void passesOn(String silent, ScriptedBackend backend) {
        String both = silent + "," + backend.url();
        try (var waffle = WaffleProcess.start("-backends", both, "-timeout-connect", "200ms");
                RawClient client = RawClient.to(waffle.port())) {
            for (int i = 0; i < 4; i++) {
                assertEquals(200, client.exchange(POST).status());
                assertEquals("hello", backend.next().body().text());
            }
        }
    }

    /** Has a port that nobody listens at, and nobody else can get. */
    private static Socket boundOnly() throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    private static String url(Socket refusing) {
        return "http://127.0.0.1:" + refusing.getLocalPort();
    }
}
