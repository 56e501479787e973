// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Opens connections to one target, over TLS if its URL says so. Thread-safe. */
final class Connector {

    private final Target target;
    private final boolean insecure;
    private final SSLContext context;

    /** {@code insecure}: takes any certificate for any name. */
    Connector(Target target, boolean insecure) throws IOException {
        this.target = target;
        this.insecure = insecure;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, insecure ? new TrustManager[] {new TrustAnyone()} : null, new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** A connection whose channel blocks, with its TLS handshake behind it. */
    Wire open() throws IOException {
        return open(null);
    }

    /** As {@link #open()}, from this address; null for whichever the host takes. */
    Wire open(@Nullable InetAddress source) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.bind(source == null ? null : new InetSocketAddress(source, 0));
            channel.connect(target.address());
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return target.secure() ? TlsWire.connect(channel, engine()) : new PlainWire(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** One that knows no peer to verify resumes no session either. */
    private SSLEngine engine() {
        if (insecure) {
            return context.createSSLEngine();
        }
        SSLEngine engine =
                context.createSSLEngine(target.uri().getHost(), target.address().getPort());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static final class TrustAnyone extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

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
