// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import io.waffle.dist.wire.Body.Framing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client of raw bytes: sends what it is told, also what no client should, and reads answers strictly. One thread sends, one reads.
 * Whatever it waits for comes within {@value #PATIENCE_MILLIS} ms or fails the test.
 */
final class RawClient implements AutoCloseable {

    /** A request for the root, whole. */
    static final String GET = "GET / HTTP/1.1\r\nHost: waffle.test\r\n\r\n";

    static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final OutputStream out;
    private final WireReader reader;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        out = socket.getOutputStream();
        reader = new WireReader(socket.getInputStream());
    }

    /** How a connection was ended by the peer. */
    enum End {
        CLOSED,
        RESET
    }

    static RawClient to(int port) {
        return from("127.0.0.1", port);
    }

    /** Connects with a source address of its own, say {@code 127.1.2.3}. */
    static RawClient from(String source, int port) {
        return from(new InetSocketAddress(InetAddress.ofLiteral(source), 0), port);
    }

    /** Connects from exactly there, also if another connection from there is hardly gone. */
    static RawClient from(InetSocketAddress source, int port) {
        try {
            var socket = new Socket();
            socket.setReuseAddress(source.getPort() != 0);
            socket.bind(source);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects with a small receive buffer, so that back-pressure is felt soon. */
    static RawClient withReceiveBuffer(int bytes, int port) {
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(bytes);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RawClient overTls(int port, SSLContext context) {
        try {
            var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.startHandshake();
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, and sends this before TLS begins. */
    static RawClient overTls(int port, SSLContext context, byte[] before) {
        try {
            var plain = new Socket(InetAddress.getLoopbackAddress(), port);
            plain.getOutputStream().write(before);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.startHandshake();
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with a small receive buffer. */
    static RawClient overTls(int port, SSLContext context, int receiveBuffer) {
        try {
            var plain = new Socket();
            plain.setReceiveBufferSize(receiveBuffer);
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.startHandshake();
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends these chars, each a byte. */
    RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        return send(bytes, 0, bytes.length);
    }

    RawClient send(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a whole request and reads its answer. */
    Response exchange(String request) {
        send(request);
        return read(request.substring(0, request.indexOf(' ')));
    }

    Response exchangeGet(String path) {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: waffle.test\r\n\r\n");
    }

    Response read() {
        return read("GET");
    }

    /** Reads the answer to a request of this method. */
    Response read(String method) {
        try {
            List<Head> interim = new ArrayList<>();
            Head head = reader.head();
            while (head.status() < 200 && head.status() != 101) {
                interim.add(head);
                head = reader.head();
            }
            return new Response(List.copyOf(interim), head, bodyOf(head, method));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one head, final or not. */
    Head readHead() {
        try {
            return reader.head();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes after a head, for tests that look at them one by one. */
    WireReader reader() {
        return reader;
    }

    String readText(int length) {
        try {
            return new String(reader.exactly(length), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the peer ends the connection; a byte before that fails the test. */
    End awaitEnd() {
        try {
            int b = reader.read();
            if (b >= 0) {
                throw new AssertionError("byte " + b + " (expected: the end of the connection)");
            }
            return End.CLOSED;
        } catch (SocketException e) {
            return End.RESET;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends our direction: a FIN, or close_notify over TLS. */
    RawClient finish() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a RST. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Body bodyOf(Head head, String method) throws IOException {
        if (head.has("Transfer-Encoding") && head.has("Content-Length")) {
            throw new Malformed("both Transfer-Encoding and Content-Length in\n" + head.raw());
        }
        int status = head.status();
        if (method.equals("HEAD") || status == 101 || status == 204 || status == 304) {
            return Body.NONE;
        }
        if (head.value("Transfer-Encoding").isPresent()) {
            return reader.body(Framing.CHUNKED, 0);
        }
        var length = head.value("Content-Length");
        return length.isPresent()
                ? reader.body(Framing.LENGTH, Long.parseLong(length.get()))
                : reader.body(Framing.CLOSE, 0);
    }
}
