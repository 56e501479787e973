// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * One connection of an open loop, and the request on it. Guarded by the {@link Traffic} it belongs to, but for {@link #receive}, which only
 * the receiving thread calls.
 */
final class LoopConnection {

    private static final long NONE = -1;

    private final Wire wire;
    private final ResponseScanner scanner = new ResponseScanner();
    private long request = NONE;

    private LoopConnection(Wire wire) {
        this.wire = wire;
    }

    static LoopConnection open(Connector connector, Selector selector) throws IOException {
        var connection = new LoopConnection(connector.open());
        connection.wire.channel().configureBlocking(false);
        connection.wire.channel().register(selector, SelectionKey.OP_READ, connection);
        selector.wakeup();
        return connection;
    }

    boolean isOpen() {
        return wire.channel().isOpen();
    }

    boolean isIdle() {
        return request == NONE;
    }

    long request() {
        return request;
    }

    void begin(long number) {
        request = number;
    }

    void end() {
        request = NONE;
    }

    void send(ByteBuffer bytes) throws IOException {
        wire.send(bytes);
    }

    /** Takes what has come; true if that completed a response. */
    boolean receive(ByteBuffer buf) throws IOException {
        boolean complete = false;
        do {
            buf.clear();
            if (wire.receive(buf) < 0) {
                throw new IOException("closed by the server");
            }
            buf.flip();
            while (buf.hasRemaining()) {
                if (complete) {
                    throw new IOException("more than was asked for");
                }
                complete = scanner.take(buf);
            }
        } while (wire.hasMore());
        return complete;
    }

    boolean succeeded() {
        return scanner.succeeded();
    }

    boolean closes() {
        return scanner.closes();
    }

    void close() {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
