// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenLoopTest {

    private static final String CLOSING = LittleServer.OK.replace("Server: little", "Connection: close");

    @Test
    void sendsEveryRequestOfTheScheduleAndCountsThoseAfterTheWarmUp() throws IOException {
        try (var server = LittleServer.answering(n -> LittleServer.OK)) {
            Run run = run(server, 200, 4);
            assertEquals(200, run.number("requests"), run.out());
            assertEquals(0, run.number("errors"));
            assertEquals(400, server.requests());
            assertEquals(4, server.accepted());
            assertTrue(run.out().matches("\\{\"requests\".*\"histogram\":\\[\\[.*]]}\\R"), run.out());
        }
    }

    @Test
    void asksForTheUrl() throws IOException {
        try (var server = LittleServer.answering(n -> LittleServer.OK)) {
            run(server, 1, 1);
            String expected = "GET /a?b=c HTTP/1.1\nHost: " + server.address() + "\n";
            assertTrue(server.heads().stream().allMatch(expected::equals), server.heads()::toString);
        }
    }

    /** Of the requests that were due while it stalled, one each 5 ms, all waited: a client that had waited with them would have seen one. */
    @Test
    void aStallIsSeenByAllThatWereDueMeanwhile() throws IOException {
        Duration stall = Duration.ofMillis(200);
        try (var server = LittleServer.answering(n -> {
            if (n == 210) {
                pause(stall);
            }
            return LittleServer.OK;
        })) {
            Run run = run(server, 200, 1);
            assertEquals(200, run.number("requests"), run.out());
            assertTrue(run.number("max_us") >= 200_000, run.out());
            assertTrue(run.number("p99_us") >= 180_000, run.out());
            assertTrue(run.number("p90_us") >= 80_000, run.out());
        }
    }

    @Test
    void aConnectionThatIsClosedInPlaceOfAnAnswerIsAnErrorAndIsReplaced() throws IOException {
        try (var server = LittleServer.answering(n -> n > 100 && n % 10 == 0 ? "" : LittleServer.OK)) {
            Run run = run(server, 100, 2);
            assertEquals(10, run.number("errors"), run.out());
            assertEquals(90, run.number("requests"));
            assertTrue(server.accepted() >= 11, () -> "accepted: " + server.accepted());
        }
    }

    @Test
    void whatIsNoSuccessIsAnError() throws IOException {
        String refusal = LittleServer.OK.replace("200", "503");
        try (var server = LittleServer.answering(n -> n > 150 ? refusal : LittleServer.OK)) {
            Run run = run(server, 100, 1);
            assertEquals(50, run.number("errors"), run.out());
            assertEquals(50, run.number("requests"));
        }
    }

    @Test
    void aServerThatSaysItClosesIsNoError() throws IOException {
        try (var server = LittleServer.answering(n -> CLOSING)) {
            Run run = run(server, 50, 1);
            assertEquals(50, run.number("requests"), run.out());
            assertEquals(0, run.number("errors"));
            assertEquals(100, server.accepted(), 1); // one may be opened and stay unused
        }
    }

    @Test
    void answersThatNeverComeAreErrors() throws IOException {
        var end = new CountDownLatch(1);
        try (var server = LittleServer.answering(n -> {
            if (n > 10) {
                await(end);
            }
            return LittleServer.OK;
        })) {
            Run run = run(server, 10, 1);
            end.countDown();
            assertEquals(10, run.number("errors"), run.out());
            assertEquals(0, run.number("requests"));
        }
    }

    @Test
    void overTls() throws Exception {
        try (var server = LittleServer.answering(
                n -> LittleServer.OK, SelfSigned.context().getServerSocketFactory())) {
            Run run = Run.of(OpenLoop.PROGRAM, args("https://" + server.address() + "/", 100, 3, "--insecure"));
            assertEquals(100, run.number("requests"), run.out());
            assertEquals(0, run.number("errors"));
            assertEquals(3, server.accepted());
        }
    }

    @Test
    void aCertificateNobodyTrustsFailsUnlessThatIsAllowed() throws Exception {
        try (var server = LittleServer.answering(
                n -> LittleServer.OK, SelfSigned.context().getServerSocketFactory())) {
            Run run = Run.of(OpenLoop.PROGRAM, args("https://" + server.address() + "/", 100, 3));
            assertEquals(Program.FAILED, run.code());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    private static Run run(LittleServer server, int rate, int connections) {
        return Run.of(OpenLoop.PROGRAM, args("http://" + server.address() + "/a?b=c", rate, connections));
    }

    private static String[] args(String url, int rate, int connections, String... more) {
        String line = "--url " + url + " --rate " + rate + " --connections " + connections + " --seconds 1 --warm-up 1 "
                + String.join(" ", more);
        return line.strip().split(" ");
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
