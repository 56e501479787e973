// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Asks a server for a name by TLS until it shows the certificate for it. */
final class NamedHandshake {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final int port;
    private final String name;
    private final ManagedProcess server;

    NamedHandshake(int port, String name, ManagedProcess server) {
        this.port = port;
        this.name = name;
        this.server = server;
    }

    /**
     * What was shown.
     *
     * @param at by {@link System#nanoTime}
     */
    record Shown(Certificate certificate, long at) {}

    /** Waits for the one for the name, which is to be another than this. */
    Shown await(Optional<Shown> former) throws IOException, GeneralSecurityException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server.isAlive() && System.nanoTime() - deadline < 0) {
            try {
                X509Certificate shown = shown();
                boolean wanted = shown.getSubjectX500Principal().getName().equals("CN=" + name);
                if (wanted
                        && former.filter(before -> before.certificate().equals(shown))
                                .isEmpty()) {
                    return new Shown(shown, System.nanoTime());
                }
            } catch (IOException e) {
                // not yet
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new IOException("no certificate for " + name + ": " + server.describe());
    }

    private X509Certificate shown() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {new Everybody()},
                null); // anew: a session would tell of a certificate of before
        try (Socket plain = new Socket()) {
            plain.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), TIMEOUT_MILLIS);
            plain.setSoTimeout(TIMEOUT_MILLIS);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
            }
        }
    }

    private static final class Everybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
