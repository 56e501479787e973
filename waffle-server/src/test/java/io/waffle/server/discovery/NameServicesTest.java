// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is asked for a name, and whose answer counts. */
@Timeout(60)
final class NameServicesTest {

    private static final Answer BY_SERVERS = answer("10.0.0.1");
    private static final Answer BY_HOST = answer("10.0.0.2");
    private static final CompletableFuture<Answer> NEVER = new CompletableFuture<>();

    @Test
    void hostIsNotAskedForWhatServersKnow() {
        CompletableFuture<Answer> answer = look(done(BY_SERVERS), name -> {
            throw new AssertionError("asked for " + name);
        });
        assertEquals(BY_SERVERS, answer.join());
    }

    @Test
    void hostIsAskedForWhatServersDoNotKnow() {
        assertEquals(BY_HOST, look(done(Answer.SILENCE), name -> done(BY_HOST)).join());
    }

    @Test
    void hostIsAskedWhileServersAreSilent() {
        assertEquals(BY_HOST, look(NEVER, name -> done(BY_HOST)).join());
    }

    @Test
    void lateAnswerOfServersCountsWhereTheHostKnowsNothing() {
        CompletableFuture<Answer> late = new CompletableFuture<>();
        CompletableFuture<String> hostIsAsked = new CompletableFuture<>();
        CompletableFuture<Answer> answer = look(late, name -> {
            hostIsAsked.complete(name);
            return done(Answer.SILENCE);
        });
        assertEquals("app.example", hostIsAsked.join());
        assertFalse(answer.isDone());
        late.complete(BY_SERVERS);
        assertEquals(BY_SERVERS, answer.join());
    }

    @Test
    void whatNobodyKnowsIsKnownToBeSo() {
        assertFalse(
                look(done(Answer.SILENCE), name -> done(Answer.SILENCE)).join().resolves());
    }

    @Test
    void localhostIsThisHost() {
        assertEquals(
                List.of(InetAddress.ofLiteral("127.0.0.1")),
                new NameServices(Optional.empty(), Optional.empty())
                        .look("x.localhost")
                        .join()
                        .four()
                        .orElseThrow());
    }

    private static CompletableFuture<Answer> look(CompletableFuture<Answer> servers, Source host) {
        return new NameServices(Optional.of(name -> servers), Optional.of(host)).look("App.example");
    }

    private static CompletableFuture<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static Answer answer(String address) {
        return Answer.of(List.of(InetAddress.ofLiteral(address)), Duration.ZERO);
    }
}
