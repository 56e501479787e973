// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A TLS client that asks for one name in its handshake and for others in its requests. */
final class NamedClient implements AutoCloseable {

    private final SSLSocket socket;
    private final WireReader reader;

    /** @param name none if it is null */
    NamedClient(int port, SSLContext context, String version, @Nullable String name) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(RawClient.PATIENCE_MILLIS);
        socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", 443, true);
        socket.setEnabledProtocols(new String[] {version});
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIServerName(0, name.getBytes(US_ASCII)) {}));
        socket.setSSLParameters(parameters);
        reader = new WireReader(socket.getInputStream());
        try {
            socket.startHandshake();
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** The status of the answer to a request for this host. */
    int get(String host) throws IOException {
        return head(host).status();
    }

    /** The head of that answer. */
    Head head(String host) throws IOException {
        return send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    Head send(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        Head head = reader.head();
        reader.exactly(Integer.parseInt(head.value("Content-Length").orElseThrow()));
        return head;
    }

    /** Whether the server has closed. */
    boolean isAtItsEnd() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    /** What the server has shown, or had when the session was made. */
    X509Certificate shown() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
