// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.TlsPair.async;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.BackendTlsConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.tls.TlsPair.Served;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who agrees with whom on what, and what happens if they do not. */
@ParameterizedClass
@EnumSource(
        value = TlsConfig.Provider.class,
        names = {"OPENSSL", "JSSE"})
@Timeout(60)
class TlsHandshakeTest {

    private static TestAuthority authority;

    @Parameter
    TlsConfig.Provider provider;

    @TempDir
    Path folder;

    @BeforeAll
    static void issue() throws Exception {
        authority = TestAuthority.root("Test Root", "secp256r1");
    }

    @ParameterizedTest
    @CsvSource({"http/1.1, http/1.1", "h2 http/1.1, http/1.1", "'', ''"})
    void alpnAgreesOnHttp11OrOnNothing(String offered, String agreed) throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), TlsHandshakeTest::echoOne);
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                offer(client, offered.isEmpty() ? new String[0] : offered.split(" "));
                assertEquals(7, pingPong(client));
                assertEquals(agreed, client.getApplicationProtocol());
                assertEquals(agreed, served.end().get().applicationProtocol());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientThatOffersOnlyHttp2IsToldSo(String protocol) throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), TlsHandshakeTest::echoOne);
            try (SSLSocket client = pair.jdkClient(served.client(), protocol)) {
                offer(client, "h2");
                SSLException e = assertThrows(SSLException.class, client::startHandshake);
                assertTrue(e.getMessage().contains("no_application_protocol"), e.getMessage());
            }
            assertInstanceOf(SSLException.class, failure(served.end()));
        }
    }

    private static void offer(SSLSocket client, String... protocols) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        client.setSSLParameters(parameters);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "secp256r1", "secp384r1", "secp521r1", "Ed25519"})
    void everyKindOfKeyServesBothVersions(String key) throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            ServerTls tls = pair.serverTls(key);
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                Served served = pair.serve(tls, TlsHandshakeTest::echoOne);
                try (SSLSocket client = pair.jdkClient(served.client(), protocol)) {
                    assertEquals(7, pingPong(client));
                    assertEquals(protocol, served.end().get().protocol());
                }
            }
        }
    }

    @Test
    void theIntermediateCertificateIsSent() throws Exception {
        TestAuthority middle = authority.intermediate("Test Intermediate", "secp256r1");
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Path certFile = middle.issue("secp256r1", "app.test").write(folder, "leaf");
            ServerTls tls = ServerTls.load(
                    TlsConfig.of(certFile, folder.resolve("leaf.key"), provider), Clock.systemUTC(), Optional.empty());
            Served served = pair.serve(tls, TlsHandshakeTest::echoOne);
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                assertEquals(7, pingPong(client));
                assertEquals(2, client.getSession().getPeerCertificates().length);
            }
        }
    }

    @Test
    void aSessionIsResumed() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            ServerTls tls = pair.serverTls("secp256r1");
            SSLContext context = pair.jdkClientContext();
            List<Long> created = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Served served = pair.serve(tls, TlsHandshakeTest::echoOne);
                try (SSLSocket client = TlsPair.jdkClient(context, served.client(), "TLSv1.3")) {
                    assertEquals(7, pingPong(client));
                    created.add(client.getSession().getCreationTime());
                }
            }
            assertEquals(created.get(0), created.get(1));
        }
    }

    @Test
    void aClientCannotRenegotiate() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                echoOne(channel);
                echoToTheEnd(channel);
            });
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.2")) {
                assertEquals(7, pingPong(client));
                client.startHandshake();
                assertThrows(SSLException.class, () -> pingPong(client));
            }
            served.end().get();
        }
    }

    /** JSSE ends a connection whose client renegotiates; OpenSSL says that it will not, serves on, and the client ends it. */
    private static void echoToTheEnd(TlsChannel channel) throws IOException {
        try {
            for (ByteBuffer one = ByteBuffer.allocate(1); channel.read(one) > 0; one.clear()) {
                channel.write(one.flip());
            }
        } catch (SSLException e) {
            assertThrows(IOException.class, () -> channel.tryRead(ByteBuffer.allocate(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void plaintextAtTheTlsPortIsAnErrorAndNothingElse(boolean carry) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), TlsHandshakeTest::echoOne);
            try (Socket client = served.client()) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] answer = client.getInputStream().readAllBytes();
                assertTrue(answer.length <= 7, "an alert at most, but " + answer.length + " bytes");
                assertInstanceOf(SSLException.class, failure(served.end()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 3", "true, 80", "false, 0", "false, 80"})
    void aClientThatStopsInTheHandshakeHitsTheDeadline(boolean carry, int sent) throws Exception {
        byte[] hello = clientHello();
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), 300_000_000L, TlsHandshakeTest::echoOne);
            try (Socket client = served.client()) {
                client.getOutputStream().write(hello, 0, sent);
                assertInstanceOf(DeadlineException.class, failure(served.end()));
                assertEquals(-1, client.getInputStream().read());
            }
        }
    }

    @Test
    void aClientThatLeavesInTheHandshakeIsAnError() throws Exception {
        byte[] hello = clientHello();
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), TlsHandshakeTest::echoOne);
            served.client().getOutputStream().write(hello, 0, hello.length - 1);
            served.client().close();
            assertInstanceOf(SSLException.class, failure(served.end()));
        }
    }

    /** What a real client says first. */
    private byte[] clientHello() throws Exception {
        SSLEngine engine = ClientTls.load(
                        new BackendTlsConfig(
                                Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty()),
                        Clock.systemUTC())
                .engine("app.test", 443);
        ByteBuffer out = ByteBuffer.allocate(Buffers.LARGE);
        engine.beginHandshake();
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] hello = new byte[out.flip().remaining()];
        out.get(hello);
        return hello;
    }

    @ParameterizedTest
    @CsvSource({
        "backend.test, backend.test, backend.test",
        "app1,         app1,         app1",
        "app.test.,    app.test,     app.test",
        "127.0.0.1,    127.0.0.1,    ''",
        "::1,          ::1,          ''",
        "[::1],        ::1,          ''",
    })
    void aBackendIsVerifiedByNameOrAddressAndNamesGoOutAsSni(String host, String certificate, String sni)
            throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider);
                SSLServerSocket server = pair.jdkServer("secp256r1", certificate)) {
            CompletableFuture<TlsChannel> end = pair.dial(pair.clientTls(), host, server, TlsHandshakeTest::echoOne);
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                assertEquals(7, pingPong(accepted));
                assertEquals(sni.isEmpty() ? List.of() : List.of(sni), requestedNames(accepted));
            }
            end.get();
        }
    }

    /** Such a name is not a host name; the JDK's server ends a handshake that asks for one. */
    @Test
    void aNameWithAnUnderscoreIsConnectedToWithoutSni() throws Exception {
        ClientTls tls = ClientTls.load(
                new BackendTlsConfig(Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty()),
                Clock.systemUTC());
        try (TlsPair pair = new TlsPair(true, folder, authority, provider);
                SSLServerSocket server = pair.jdkServer("secp256r1", "my_app")) {
            CompletableFuture<TlsChannel> end = pair.dial(tls, "my_app", server, TlsHandshakeTest::echoOne);
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                assertEquals(7, pingPong(accepted));
                assertEquals(List.of(), requestedNames(accepted));
            }
            end.get();
        }
    }

    private static List<String> requestedNames(SSLSocket accepted) {
        return ((ExtendedSSLSession) accepted.getSession())
                .getRequestedServerNames().stream()
                        .map(name -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
                        .toList();
    }

    @Test
    void aBackendOfAnotherNameIsRefused() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            assertRefused(pair, pair.clientTls(), "other.test", "other.test");
            assertRefused(pair, pair.clientTls(), "127.0.0.1", "127.0.0.1");
        }
    }

    @Test
    void aBackendOfAnotherAuthorityIsRefused() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Path other = Files.writeString(
                    folder.resolve("other.pem"),
                    TestAuthority.pem(
                            TestAuthority.root("Other Root", "secp256r1").certificate()));
            assertRefused(
                    pair,
                    ClientTls.load(
                            new BackendTlsConfig(
                                    Optional.of(other), true, Optional.empty(), Optional.empty(), Optional.empty()),
                            Clock.systemUTC()),
                    "app.test",
                    "certification path");
            assertRefused(
                    pair,
                    ClientTls.load(
                            new BackendTlsConfig(
                                    Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty()),
                            Clock.systemUTC()),
                    "app.test",
                    "certification path");
        }
    }

    private static void assertRefused(TlsPair pair, ClientTls tls, String host, String why) throws Exception {
        try (SSLServerSocket server = pair.jdkServer("secp256r1", "app.test")) {
            CompletableFuture<TlsChannel> end = pair.dial(tls, host, server, TlsHandshakeTest::echoOne);
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                CompletableFuture<Void> theirs = async(() -> pingPong(accepted));
                Throwable e = failure(end);
                assertInstanceOf(SSLException.class, e);
                assertTrue(e.getMessage().contains(why), e.getMessage());
                assertInstanceOf(IOException.class, failure(theirs));
            }
        }
    }

    @Test
    void anyBackendWillDoWhenVerificationIsOff() throws Exception {
        TestAuthority unknown = TestAuthority.root("Unknown Root", "secp256r1");
        ClientTls tls = ClientTls.load(
                new BackendTlsConfig(Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty()),
                Clock.systemUTC());
        try (TlsPair pair = new TlsPair(true, folder, unknown, provider);
                SSLServerSocket server = pair.jdkServer("RSA", "app.test")) {
            CompletableFuture<TlsChannel> end = pair.dial(tls, "other.test", server, TlsHandshakeTest::echoOne);
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                assertEquals(7, pingPong(accepted));
            }
            end.get();
        }
    }

    @Test
    void theSystemsTrustIsThere() throws Exception {
        ClientTls.load(
                        new BackendTlsConfig(
                                Optional.empty(), true, Optional.empty(), Optional.empty(), Optional.empty()),
                        Clock.systemUTC())
                .prepare();
    }

    @Test
    void anAuthorityFileWithoutCertificateHasItsMessage() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "\n");
        TlsConfigException e = assertThrows(
                TlsConfigException.class,
                () -> ClientTls.load(
                        new BackendTlsConfig(
                                Optional.of(empty), false, Optional.empty(), Optional.empty(), Optional.empty()),
                        Clock.systemUTC()));
        assertEquals(
                empty + ": no certificate: no PEM block at all"
                        + " (expected: a PEM file with one or more CERTIFICATE blocks)",
                e.getMessage());
    }

    private static void echoOne(TlsChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        if (channel.read(one) > 0) {
            channel.write(one.flip());
        }
    }

    private static int pingPong(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(7);
        return socket.getInputStream().read();
    }

    private static Throwable failure(CompletableFuture<?> end) {
        return assertThrows(ExecutionException.class, end::get).getCause();
    }
}
