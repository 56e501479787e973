// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.discovery.FakeNameServer.Entry;
import io.waffle.server.discovery.FakeNameServer.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Look-ups over real sockets, at name servers that do what name servers do. */
@Timeout(60)
final class DnsSourceTest {

    private FakeNameServer server;

    @BeforeEach
    void start() throws IOException {
        server = FakeNameServer.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void bothKindsAreAskedForApart() throws Exception {
        server.on("app1", FakeNameServer.A, "10.0.0.2", "10.0.0.1");
        server.on("app1", FakeNameServer.AAAA, "fd00::1");
        Answer answer = look("app1", server.address());
        assertEquals("10.0.0.1 10.0.0.2 fd00:0:0:0:0:0:0:1", shown(answer));
        assertEquals(Duration.ofSeconds(60), answer.ttl());
    }

    @Test
    void aliasesAreFollowedAndTheShortestLifeCounts() throws Exception {
        server.on(
                "app",
                FakeNameServer.A,
                new Script(
                        0,
                        List.of(
                                new Entry("c.example", FakeNameServer.A, 30, "10.0.0.1"),
                                new Entry("other.example", FakeNameServer.A, 1, "10.0.0.9"),
                                new Entry("app", FakeNameServer.CNAME, 50, "b.example"),
                                new Entry("b.example", FakeNameServer.CNAME, 20, "C.example")),
                        Duration.ZERO,
                        0,
                        false));
        Answer answer = look("app", server.address());
        assertEquals("10.0.0.1", shown(answer));
        assertEquals(Duration.ofSeconds(20), answer.ttl());
    }

    @Test
    void whatIsTooLongComesOverTcp() throws Exception {
        List<Entry> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(new Entry("many", FakeNameServer.A, 60, "10.0.0." + i));
        }
        server.on("many", FakeNameServer.A, new Script(0, many, Duration.ZERO, 0, true));
        assertEquals(200, look("many", server.address()).all().size());
    }

    @Test
    void whatIsLostIsAskedAgain() throws Exception {
        Script lost =
                new Script(0, List.of(new Entry("app", FakeNameServer.A, 60, "10.0.0.1")), Duration.ZERO, 1, false);
        server.on("app", FakeNameServer.A, lost);
        assertEquals("10.0.0.1", shown(look("app", server.address())));
        assertEquals(2, server.asked("app", FakeNameServer.A));
    }

    @Test
    void lateAnswerOfTheFirstIsTakenWhileTheSecondIsSilent() throws Exception {
        try (FakeNameServer silent = FakeNameServer.start()) {
            server.on("app", FakeNameServer.A, Duration.ofMillis(1500), "10.0.0.1");
            silent.on("app", FakeNameServer.A, new Script(0, List.of(), Duration.ZERO, 100, false));
            assertEquals("10.0.0.1", shown(look("app", server.address(), silent.address())));
        }
    }

    @Test
    void failureOfOneServerIsMadeUpForByTheNext() throws Exception {
        try (FakeNameServer failing = FakeNameServer.start()) {
            for (int type : List.of(FakeNameServer.A, FakeNameServer.AAAA)) {
                failing.on("app", type, new Script(2, List.of(), Duration.ZERO, 0, false));
            }
            server.on("app", FakeNameServer.A, "10.0.0.1");
            assertEquals("10.0.0.1", shown(look("app", failing.address(), server.address())));
        }
    }

    @Test
    void kindThatCannotBeLearnedIsNotNone() throws Exception {
        server.on("app", FakeNameServer.A, new Script(2, List.of(), Duration.ZERO, 0, false));
        server.on("app", FakeNameServer.AAAA, "fd00::1");
        Answer answer = look("app", server.address());
        assertTrue(answer.four().isEmpty());
        assertEquals("fd00:0:0:0:0:0:0:1", shown(answer));
    }

    @Test
    void kindThatIsNotInUseIsAskedForOnlyWhenTheOtherIsGone() throws Exception {
        server.on("app", FakeNameServer.A, "10.0.0.1");
        server.on("app", FakeNameServer.AAAA, "fd00::1");
        DnsSource source = source(server.address());
        Optional<DnsMessage.Type> four = Optional.of(DnsMessage.Type.A);
        assertEquals("10.0.0.1", shown(source.look("app", four).join()));
        assertEquals(0, server.asked("app", FakeNameServer.AAAA));
        server.on("app", FakeNameServer.A, new Script(2, List.of(), Duration.ZERO, 0, false));
        assertFalse(source.look("app", four).join().resolves(), "a failure says nothing of the other");
        assertEquals(0, server.asked("app", FakeNameServer.AAAA));
        server.on("app", FakeNameServer.A, new Script(0, List.of(), Duration.ZERO, 0, false));
        Answer gone = source.look("app", four).join();
        assertEquals("fd00:0:0:0:0:0:0:1", shown(gone));
        assertEquals(Optional.of(List.of()), gone.four());
        assertEquals(Duration.ofSeconds(60), gone.ttl());
        assertEquals("10.0.0.1", shown(look("other", FakeNameServer.A, Optional.of(DnsMessage.Type.AAAA))));
    }

    /** A name that has none of the kind in use. */
    private Answer look(String name, int type, Optional<DnsMessage.Type> inUse) {
        server.on(name, type, "10.0.0.1");
        return source(server.address()).look(name, inUse).join();
    }

    @Test
    void nameThatThereIsNotIsAnAnswer() throws Exception {
        Answer answer = look("nobody", server.address());
        assertFalse(answer.resolves());
        assertEquals(Optional.of(List.of()), answer.four());
    }

    @Test
    void domainsAreSearched() throws Exception {
        server.on("app.b.example", FakeNameServer.A, "10.0.0.1");
        ResolvConf conf = ResolvConf.parse("search a.example b.example.\noptions ndots:2 timeout:1\n");
        assertEquals(List.of("app.a.example", "app.b.example", "app"), conf.candidates("app"));
        assertEquals(List.of("a.b.c", "a.b.c.a.example", "a.b.c.b.example"), conf.candidates("a.b.c"));
        assertEquals(List.of("app"), conf.candidates("app."));
        DnsSource source = new DnsSource(() -> new ResolvConf(
                List.of(server.address()), conf.search(), conf.ndots(), conf.timeout(), conf.attempts()));
        assertEquals("10.0.0.1", shown(source.look("app").join()));
    }

    @Test
    void resolvConfIsReadAsTheHostDoes() {
        ResolvConf conf = ResolvConf.parse("# x\nnameserver 10.0.0.1\nnameserver nonsense\nnameserver fd00::1\n"
                + "domain x.example\nsearch y.example\noptions timeout:99 attempts:0 rotate\n");
        assertEquals(2, conf.servers().size());
        assertEquals(List.of("y.example"), conf.search());
        assertEquals(Duration.ofSeconds(30), conf.timeout());
        assertEquals(1, conf.attempts());
        assertEquals(1, ResolvConf.parse("").servers().size());
    }

    @Test
    void hostsFileIsReadAsTheHostDoes() {
        HostsFile hosts =
                HostsFile.parse("127.0.0.1 localhost # x\n10.0.0.1\tApp1 app\nnonsense b\nfd00::1 app1\n\n10.0.0.2\n");
        assertEquals(2, hosts.addresses("app1").size());
        assertEquals(1, hosts.addresses("app").size());
        assertEquals(List.of(), hosts.addresses("b"));
    }

    @Test
    void fiveThousandNamesAtASlowServerAreKnownSoon() throws Exception {
        int count = 5_000;
        for (int i = 0; i < count; i++) {
            server.on("n" + i + ".example", FakeNameServer.A, Duration.ofMillis(50), "10.1." + i / 250 + "." + i % 250);
        }
        Resolver resolver = new Resolver(source(server.address()));
        List<CompletableFuture<Answer>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(resolver.look("n" + i + ".example", Optional.empty()));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);
        for (CompletableFuture<Answer> each : all) {
            assertTrue(each.join().resolves());
        }
    }

    @Test
    void nonsenseIsNoReply() {
        Random random = new Random(1);
        ByteBuffer question = DnsMessage.question(7, "app.example", DnsMessage.Type.A, true);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[question.remaining() + random.nextInt(60)];
            random.nextBytes(bytes);
            question.duplicate().get(bytes, 0, question.remaining());
            bytes[2] |= (byte) 0x80;
            bytes[7] = (byte) random.nextInt(4);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            DnsMessage.reply(ByteBuffer.wrap(bytes), 7, "app.example", DnsMessage.Type.A);
        }
    }

    private static Answer look(String name, InetSocketAddress... servers) {
        return source(servers).look(name).join();
    }

    private static DnsSource source(InetSocketAddress... servers) {
        return new DnsSource(() -> ResolvConf.of(List.of(servers)));
    }

    private static String shown(Answer answer) {
        return answer.all().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }
}
