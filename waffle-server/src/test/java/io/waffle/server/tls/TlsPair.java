// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waffle.server.config.BackendTlsConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Two ends of a TLS connection over loopback: ours on a loop, and the JDK's blocking sockets to hold it against. */
final class TlsPair implements AutoCloseable {

    /** What our end does once the handshake is over. */
    interface Talk {
        void with(TlsChannel channel) throws Exception;
    }

    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final long LONG = 30_000_000_000L;

    final Loops loops;
    final TestAuthority authority;
    final Path folder;
    final TlsConfig.Provider provider;
    private final ServerSocketChannel listener;

    TlsPair(boolean carry, Path folder, TestAuthority authority, TlsConfig.Provider provider) throws IOException {
        this(carry, folder, authority, provider, MemoryBudget.boundless());
    }

    TlsPair(boolean carry, Path folder, TestAuthority authority, TlsConfig.Provider provider, MemoryBudget memory)
            throws IOException {
        if (provider == TlsConfig.Provider.OPENSSL) {
            assumeTrue(ServerTls.openSslProblem().isEmpty(), () -> "no OpenSSL: " + ServerTls.openSslProblem());
        }
        this.provider = provider;
        this.loops = Loops.start(2, carry, memory);
        this.authority = authority;
        this.folder = folder;
        this.listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
        Files.writeString(folder.resolve("ca.pem"), TestAuthority.pem(authority.certificate()));
    }

    /** A plain connection to our listener, on which our end shakes hands and talks; the future tells how that ended. */
    Served serve(ServerTls tls, long handshakeNanos, Talk talk) throws IOException {
        Socket client = new Socket(LOOPBACK, listener.socket().getLocalPort());
        SocketChannel accepted = listener.accept();
        Loop loop = loops.leastBusy(loops.all().getFirst());
        CompletableFuture<TlsChannel> end = new CompletableFuture<>();
        count(loop, () -> {
            try (TlsChannel channel = TlsChannel.server(PlainChannel.of(accepted, loop), tls)) {
                channel.handshake(Deadline.in(handshakeNanos));
                talk.with(channel);
                end.complete(channel);
            } catch (Exception | AssertionError e) {
                end.completeExceptionally(e);
            }
        });
        return new Served(client, end);
    }

    /** On a thread of the loop, which has one connection more as long as that runs. */
    private static void count(Loop loop, Runnable connection) {
        loop.connectionBegins();
        loop.run(() -> {
            try {
                connection.run();
            } finally {
                loop.connectionEnds();
            }
        });
    }

    Served serve(ServerTls tls, Talk talk) throws IOException {
        return serve(tls, LONG, talk);
    }

    record Served(Socket client, CompletableFuture<TlsChannel> end) {}

    /** Our end as a client of such a server. */
    CompletableFuture<TlsChannel> dial(ClientTls tls, String host, ServerSocket server, Talk talk) {
        CompletableFuture<TlsChannel> end = new CompletableFuture<>();
        Loop loop = loops.leastBusy(loops.all().getFirst());
        count(loop, () -> {
            InetSocketAddress address = new InetSocketAddress(LOOPBACK, server.getLocalPort());
            try (TlsChannel channel = TlsChannel.client(
                    PlainChannel.connect(address, loop, Deadline.in(LONG)), tls, host, server.getLocalPort())) {
                channel.handshake(Deadline.in(LONG));
                talk.with(channel);
                end.complete(channel);
            } catch (Exception | AssertionError e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    ServerTls serverTls(String keyKind) throws Exception {
        Path certFile = authority.issue(keyKind, "app.test").write(folder, keyKind);
        return ServerTls.load(
                TlsConfig.of(certFile, folder.resolve(keyKind + ".key"), provider),
                Clock.systemUTC(),
                Optional.empty());
    }

    ClientTls clientTls() throws TlsConfigException {
        return ClientTls.load(
                new BackendTlsConfig(
                        Optional.of(folder.resolve("ca.pem")),
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Clock.systemUTC());
    }

    /** The JDK's client, over a socket that is connected already. */
    SSLSocket jdkClient(Socket socket, String... protocols) throws Exception {
        return jdkClient(jdkClientContext(), socket, protocols);
    }

    static SSLSocket jdkClient(SSLContext context, Socket socket, String... protocols) throws IOException {
        SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(socket, "app.test", 443, true);
        client.setEnabledProtocols(protocols);
        client.setSoTimeout(30_000);
        return client;
    }

    SSLContext jdkClientContext() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return context(new KeyManager[0], trust.getTrustManagers());
    }

    /** The JDK's server with a certificate for these names. */
    SSLServerSocket jdkServer(String keyKind, String... names) throws Exception {
        return jdkServer(authority.issue(keyKind, names));
    }

    static SSLServerSocket jdkServer(Issued issued) throws Exception {
        KeyStore store = emptyStore();
        store.setKeyEntry("key", issued.key(), new char[0], issued.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = context(keys.getKeyManagers(), new TrustManager[0]);
        return (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 10, LOOPBACK);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    /** Runs blocking work of the other end on a thread of its own. */
    static CompletableFuture<Void> async(Blocking work) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                work.run();
                end.complete(null);
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    interface Blocking {
        void run() throws Exception;
    }

    @Override
    public void close() throws IOException {
        loops.close();
        listener.close();
    }
}
