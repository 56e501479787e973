// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.ClientCertificatesConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.TlsConfig.UnknownNames;
import io.waffle.server.config.TlsPolicyConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketKeysTest {

    private static final Instant START = Instant.parse("2026-12-01T00:00:00Z"); // a slice begins here
    private static final byte[] SECRET = "a secret of thirty-two bytes or more".getBytes(US_ASCII);

    /** Moved by hand. */
    private static final class MovedClock extends Clock {

        private volatile Instant now = START;

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void twoWithTheSameSecretHaveTheSameKeysAtTheSameTime() {
        MovedClock clock = new MovedClock();
        TicketKeys one = new TicketKeys(SECRET, new byte[] {1}, clock);
        TicketKeys other = new TicketKeys(SECRET, new byte[] {1}, clock);
        assertSame(one.now(), other.now());
        clock.move(TicketKeys.SLICE.minusMillis(1));
        assertSame(one.now(), other.now());
        TicketKeys.Key before = one.now();
        clock.move(Duration.ofMillis(1));
        assertFalse(Arrays.equals(before.name(), one.now().name()), "replaced");
        assertSame(one.now(), other.now());
        assertFalse(Arrays.equals(one.now().cipher(), one.now().mac()));
    }

    @Test
    void theSliceBeforeAndTheNextAreKnownAndNoOthers() {
        MovedClock early = new MovedClock();
        MovedClock late = new MovedClock();
        TicketKeys one = new TicketKeys(SECRET, new byte[] {1}, early);
        TicketKeys other = new TicketKeys(SECRET, new byte[] {1}, late);
        late.move(TicketKeys.SLICE);
        assertTrue(one.find(other.now().name()).isPresent(), "of a clock that is ahead");
        assertTrue(other.find(one.now().name()).isPresent(), "of a client that comes late");
        late.move(TicketKeys.SLICE);
        assertTrue(one.find(other.now().name()).isEmpty());
        assertTrue(other.find(one.now().name()).isEmpty());
    }

    @Test
    void anotherSecretOrAnotherPolicyHasOtherKeys() {
        MovedClock clock = new MovedClock();
        TicketKeys one = new TicketKeys(SECRET, new byte[] {1}, clock);
        byte[] longer = Arrays.copyOf(SECRET, SECRET.length + 1);
        assertTrue(one.find(new TicketKeys(SECRET, new byte[] {2}, clock).now().name())
                .isEmpty());
        assertTrue(one.find(new TicketKeys(longer, new byte[] {1}, clock).now().name())
                .isEmpty());
    }

    private static void assertSame(TicketKeys.Key expected, TicketKeys.Key actual) {
        assertArrayEquals(expected.name(), actual.name());
        assertArrayEquals(expected.cipher(), actual.cipher());
        assertArrayEquals(expected.mac(), actual.mac());
    }

    /** A resumed session knows the certificate it was made with, which tells who made it. */
    @ParameterizedTest(name = "{0}, {1} slices later")
    @CsvSource({
        "TLSv1.3, 0, true",
        "TLSv1.3, 1, true",
        "TLSv1.3, 2, false",
        "TLSv1.2, 0, true",
        "TLSv1.2, 1, true",
        "TLSv1.2, 2, false",
    })
    void sessionsOfOneAreResumedByAnother(String version, int slices, boolean resumed, @TempDir Path folder)
            throws Exception {
        TestAuthority authority = TestAuthority.root("Ticket Root", "secp256r1");
        Files.write(folder.resolve("ticket.key"), SECRET);
        try (TlsPair pair = new TlsPair(true, folder, authority, TlsConfig.Provider.OPENSSL)) {
            MovedClock later = new MovedClock();
            later.move(TicketKeys.SLICE.multipliedBy(slices));
            SSLContext client = pair.jdkClientContext();
            X509Certificate first = shown(pair, tls(authority, folder, "one", new MovedClock()), client, version);
            X509Certificate second = shown(pair, tls(authority, folder, "two", later), client, version);
            assertEquals(resumed, first.equals(second));
        }
    }

    /** CVE-2025-23419: whoever resumes shows no certificate, so a session of where none is asked for is of no use where one is required. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSessionMadeWithoutACertificateIsNotResumedWhereOneIsRequired(String version, @TempDir Path folder)
            throws Exception {
        TestAuthority authority = TestAuthority.root("Ticket Root", "secp256r1");
        Files.write(folder.resolve("ticket.key"), SECRET);
        Files.writeString(folder.resolve("ca.pem"), TestAuthority.pem(authority.certificate()));
        try (TlsPair pair = new TlsPair(true, folder, authority, TlsConfig.Provider.OPENSSL)) {
            SSLContext client = pair.jdkClientContext();
            ServerTls open = tls(authority, folder, "one", new MovedClock());
            X509Certificate first = shown(pair, open, client, version);
            assertEquals(first, shown(pair, tls(authority, folder, "two", new MovedClock()), client, version));
            ServerTls strict = tls(
                    authority,
                    folder,
                    "three",
                    new MovedClock(),
                    new ClientCertificatesConfig(
                            ClientCertificatesConfig.Mode.REQUIRED,
                            Optional.of(folder.resolve("ca.pem")),
                            Optional.empty(),
                            false));
            assertThrows(IOException.class, () -> shown(pair, strict, client, version));
        }
    }

    private static ServerTls tls(TestAuthority authority, Path folder, String name, Clock clock) throws Exception {
        return tls(authority, folder, name, clock, ClientCertificatesConfig.OFF);
    }

    private static ServerTls tls(
            TestAuthority authority, Path folder, String name, Clock clock, ClientCertificatesConfig clients)
            throws Exception {
        Path certFile = authority.issue("secp256r1", "app.test").write(folder, name);
        TlsConfig config = new TlsConfig(
                Optional.of(certFile),
                Optional.of(folder.resolve(name + ".key")),
                TlsConfig.Provider.OPENSSL,
                Optional.empty(),
                UnknownNames.DEFAULT,
                TlsPolicyConfig.DEFAULT,
                clients,
                Optional.of(folder.resolve("ticket.key")),
                Map.of());
        return ServerTls.load(config, clock, Optional.empty());
    }

    private static X509Certificate shown(TlsPair pair, ServerTls tls, SSLContext client, String version)
            throws Exception {
        TlsPair.Served served = pair.serve(tls, channel -> {
            channel.write(ByteBuffer.wrap(new byte[] {1}));
            channel.flush();
        });
        try (Socket plain = served.client();
                SSLSocket socket = TlsPair.jdkClient(client, plain, version)) {
            assertEquals(1, socket.getInputStream().read());
            served.end().get();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
