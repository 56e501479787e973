// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.Collections;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsChurnTest {

    private static final String CLOSING = LittleServer.OK.replace("Server: little", "Connection: close");

    @BeforeAll
    static void needsOpenSsl() {
        try {
            OpenSsl.to("127.0.0.1:1");
        } catch (IOException e) {
            abort(e.getMessage());
        }
    }

    @Test
    void makesAsManyConnectionsAsTheRateSaysWithAFullHandshakeEach() throws Exception {
        try (var server = server(CLOSING)) {
            Run run = run(server, 50, 4);
            assertEquals(50, run.number("handshakes"), run.out());
            assertEquals(0, run.number("errors"));
            assertEquals(50, server.accepted());
            assertEquals(50, server.requests());
            assertTrue(server.heads().stream().allMatch(head -> head.contains("Connection: close\n")));
        }
    }

    /** A resumed session would have the creation time of the one it goes on with. */
    @Test
    void resumesNoSession() throws Exception {
        SSLContext context = SelfSigned.context();
        try (var server = LittleServer.answering(n -> CLOSING, context.getServerSocketFactory())) {
            Run.of(TlsChurn.PROGRAM, args(server.address(), 30, 1));
        }
        int sessions =
                Collections.list(context.getServerSessionContext().getIds()).size();
        assertTrue(sessions == 0 || sessions >= 30, () -> "sessions: " + sessions);
    }

    @Test
    void withoutARateItGoesOnForTheWholeTime() throws Exception {
        try (var server = server(CLOSING)) {
            Run run = run(server, 0, 2);
            assertTrue(run.number("handshakes") > 2, run.out());
            assertEquals(0, run.number("errors"));
            assertEquals(server.requests(), run.number("handshakes"));
        }
    }

    @Test
    void connectionsThatEndWithoutAnAnswerAreErrors() throws Exception {
        try (var server = LittleServer.answering(
                n -> n % 2 == 0 ? "" : CLOSING, SelfSigned.context().getServerSocketFactory())) {
            Run run = run(server, 40, 1);
            assertEquals(20, run.number("handshakes"), run.out());
            assertEquals(20, run.number("errors"));
        }
    }

    @Test
    void aServerThatIsNotThereIsAllErrors() throws Exception {
        String address = Ports.freeAddress();
        Run run = Run.of(TlsChurn.PROGRAM, args(address, 20, 2));
        assertEquals(20, run.number("errors"), run.out() + run.err());
        assertEquals(0, run.number("handshakes"));
    }

    private static LittleServer server(String answer) throws Exception {
        return LittleServer.answering(n -> answer, SelfSigned.context().getServerSocketFactory());
    }

    private static Run run(LittleServer server, int rate, int concurrent) {
        return Run.of(TlsChurn.PROGRAM, args(server.address(), rate, concurrent));
    }

    private static String[] args(String address, int rate, int concurrent) {
        return ("--url https://" + address + "/ --rate " + rate + " --concurrent " + concurrent + " --seconds 1")
                .split(" ");
    }
}
