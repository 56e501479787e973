// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A connection a backend accepted. Its handler's thread reads and writes. */
final class BackendConnection implements AutoCloseable {
    private final int id;
    private final Socket socket;
    private final OutputStream out;
    private final WireReader reader;
    private volatile boolean idle = true;

    BackendConnection(int id, Socket socket) throws IOException {
        this.id = id;
        this.socket = socket;
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        reader = new WireReader(socket.getInputStream());
    }

    /** Counts from 0 in the order of accepting: equal ids are one connection. */
    int id() {
        return id;
    }

    WireReader reader() {
        return reader;
    }

    /** Sends these chars, each a byte. */
    BackendConnection write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    BackendConnection write(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    /** A whole response with a length. */
    BackendConnection answer(int status, String body) throws IOException {
        return write("HTTP/1.1 " + status + " Test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** A chunk of these bytes. */
    BackendConnection chunk(String data) throws IOException {
        return write(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n");
    }

    /** Waits until the peer has ended the connection, in any way; a byte before that fails the test. */
    RawClient.End awaitEnd() throws IOException {
        try {
            int b = reader.read();
            if (b >= 0) {
                throw new AssertionError("byte " + b + " from the proxy (expected: the end of the connection)");
            }
            return RawClient.End.CLOSED;
        } catch (SocketException e) {
            return RawClient.End.RESET;
        }
    }

    /** Ends the connection with a RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Socket socket() {
        return socket;
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    boolean isIdle() {
        return idle;
    }

    void idle(boolean now) {
        idle = now;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
