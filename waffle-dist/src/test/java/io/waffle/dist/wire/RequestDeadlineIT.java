// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a request may take in all, and with each backend. Every other deadline is longer than a test waits. */
final class RequestDeadlineIT {

    private static final String POST = "POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    @MostlyWaits
    @DisplayName("it passes while all backends are busy: 504, nothing was sent, and the next request is served")
    void queue() {
        try (Site site = Site.open(
                        1, "-limit-backend-in-flight", "1", "-timeout-queue", "5m", "-timeout-request", "2s");
                RawClient first = site.client();
                RawClient second = site.client()) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            site.backend().on(request -> {
                request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                end.get();
                request.connection().write("ok");
            });
            assertEquals(200, first.send(GET).readHead().status());
            Response response = second.exchange(POST);
            assertEquals(504, response.status());
            assertEquals("the request could not be sent in time\n", response.text());
            end.complete(null);
            assertEquals("ok", first.readText(2));
            assertEquals(1, site.backend().taken().size());
            site.backend().on(ScriptedBackend.OK);
            assertEquals(200, second.exchange(POST).status());
        }
    }

    @Test
    @MostlyWaits
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse when the queue is full")
    @DisplayName("it passes while a backend is connected to: 504, and no other one is tried")
    void connecting() throws IOException {
        try (SilentServer one = new SilentServer();
                SilentServer two = new SilentServer();
                var waffle = WaffleProcess.start(
                        "-backends",
                        one.url() + "," + two.url(),
                        "-timeout-connect",
                        "5m",
                        "-timeout-request",
                        "300ms");
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(504, client.exchange(POST).status());
            assertEquals(504, client.exchange(GET).status());
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("it passes while a backend is to answer: 504, and the connection of the client stays")
    void answering() {
        try (Site site = Site.open(1, "-timeout-first-byte", "5m", "-timeout-request", "1s");
                RawClient client = site.client()) {
            site.backend().on(RequestDeadlineIT::hang);
            assertEquals(504, client.exchange(POST).status());
            assertEquals(504, client.exchange(GET).status());
            site.backend().on(ScriptedBackend.OK);
            assertEquals(200, client.exchange(GET).status());
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("it passes while the second backend is to answer: 504, and there is no third")
    void secondTry() {
        try (Site site = Site.open(3, "-timeout-first-byte", "5m", "-timeout-request", "3s", "-retry-on-timeout")) {
            AtomicInteger attempts = new AtomicInteger();
            site.backends()
                    .forEach(backend -> backend.on(request -> {
                        if (attempts.incrementAndGet() == 1) {
                            request.connection().reset();
                        } else {
                            hang(request);
                        }
                    }));
            assertEquals(504, site.exchange(GET).status());
            assertEquals(2, attempts.get());
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("an upload may take longer, and the backend has the whole time behind it")
    void slowUpload() throws InterruptedException {
        try (Site site = Site.open(1, "-timeout-request", "2s");
                RawClient client = site.client()) {
            site.backend().on(request -> {
                request.readBody();
                Thread.sleep(600); // the pace of this backend
                request.connection().answer(200, "ok");
            });
            client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 15\r\n\r\n");
            for (int i = 0; i < 15; i++) {
                client.send("x");
                Thread.sleep(200); // the pace of this client: all in all more than the deadline
            }
            assertEquals(200, client.read().status());
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("a response that has begun may take as long as it will, and so may the head of a request")
    void responseAndHead() throws InterruptedException {
        try (Site site = Site.open(1, "-timeout-request", "1s");
                RawClient client = site.client()) {
            site.backend().on(request -> {
                request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                for (int i = 0; i < 5; i++) {
                    request.connection().write("x");
                    Thread.sleep(300); // the pace of this backend: all in all more than the deadline
                }
            });
            assertEquals("xxxxx", client.exchange(GET).text());
            client.send("GET / HTTP/1.1\r\n");
            Thread.sleep(1_500); // the pace of this client
            assertEquals(
                    "xxxxx", client.send("Host: waffle.test\r\n\r\n").read().text());
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("a backend that does not answer in time is followed by another if that is wanted and does no harm")
    void onTimeout() {
        try (Site site = Site.open(2, "-timeout-first-byte", "1s", "-retry-on-timeout", "-disable-ejection")) {
            AtomicInteger attempts = hangAtFirst(site);
            assertEquals(200, site.exchange(GET).status());
            assertEquals(2, attempts.get());
            attempts.set(0);
            assertEquals(504, site.exchange(POST).status());
            assertEquals(1, attempts.get());
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("unless that is wanted, nobody else is asked")
    void notOnTimeout() {
        try (Site site = Site.open(2, "-timeout-first-byte", "300ms", "-disable-ejection")) {
            AtomicInteger attempts = hangAtFirst(site);
            assertEquals(504, site.exchange(GET).status());
            assertEquals(1, attempts.get());
        }
    }

    @ParameterizedTest
    @MostlyWaits
    @ValueSource(strings = {"16MiB", "64KiB"})
    @DisplayName("a body that was sent to a backend that hangs goes to another, too, as far as it is kept")
    void onTimeoutWithBody(String kept) {
        String[] flags = {"-timeout-first-byte", "1s", "-retry-on-timeout", "-disable-ejection", "-retry-body", kept};
        try (Site site = Site.open(2, flags);
                RawClient client = site.client()) {
            AtomicInteger attempts = hangAtFirst(site);
            String body = "0123456789".repeat(200_000);
            client.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            boolean whole = kept.equals("16MiB");
            assertEquals(whole ? 200 : 504, client.read().status());
            assertEquals(whole ? 2 : 1, attempts.get());
        }
    }

    @Test
    @MostlyWaits
    @DisplayName("all backends hang: one after the other is tried until the whole time is over")
    void allHang() {
        String[] flags = {
            "-timeout-first-byte", "1s", "-timeout-request", "2500ms", "-retry-on-timeout", "-retry-attempts", "10"
        };
        try (Site site = Site.open(6, flags)) {
            AtomicInteger attempts = new AtomicInteger();
            site.backends()
                    .forEach(backend -> backend.on(request -> {
                        attempts.incrementAndGet();
                        hang(request);
                    }));
            assertEquals(504, site.exchange(GET).status());
            // Each begins a second after the one before at the earliest; on a slow machine the third may come too late.
            assertTrue(attempts.get() == 2 || attempts.get() == 3, attempts::toString);
        }
    }

    /** Counts the attempts; whichever backend gets the first does not answer it. */
    private static AtomicInteger hangAtFirst(Site site) {
        AtomicInteger attempts = new AtomicInteger();
        site.backends()
                .forEach(backend -> backend.on(request -> {
                    if (attempts.incrementAndGet() == 1) {
                        hang(request);
                    } else {
                        ScriptedBackend.OK.handle(request);
                    }
                }));
        return attempts;
    }

    private static void hang(BackendRequest request) throws IOException {
        request.readBody();
        request.connection().awaitEnd();
    }
}
