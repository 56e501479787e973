// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Two connections, what comes on one being sent on the other. Each is one of these, and knows the other as its peer. What a socket did not
 * take is kept, and nothing more is read for it until it has. On the loop's thread.
 */
final class CopyPair implements CopyLoop.Handler {

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer buf;
    private @Nullable CopyPair peer;
    private @Nullable ByteBuffer unsent;
    private boolean inputEnded;

    private CopyPair(SocketChannel channel, Selector selector, ByteBuffer buf) throws IOException {
        this.channel = channel;
        this.buf = buf;
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    static void start(SocketChannel client, SocketChannel backend, Selector selector, ByteBuffer buf)
            throws IOException {
        var front = new CopyPair(client, selector, buf);
        var back = new CopyPair(backend, selector, buf);
        front.peer = back;
        back.peer = front;
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        CopyPair other = peer;
        if (other == null) {
            return;
        }
        try {
            if (ready.isWritable()) {
                flush(other);
            }
            if (ready.isReadable()) {
                read(other);
            }
        } catch (IOException | CancelledKeyException e) {
            channel.close();
            other.channel.close();
        }
    }

    private void read(CopyPair to) throws IOException {
        buf.clear();
        if (channel.read(buf) < 0) {
            end(to);
            return;
        }
        buf.flip();
        to.channel.write(buf);
        if (buf.hasRemaining()) {
            to.unsent = ByteBuffer.allocateDirect(buf.remaining()).put(buf).flip();
            key.interestOpsAnd(~SelectionKey.OP_READ);
            to.key.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    private void flush(CopyPair from) throws IOException {
        ByteBuffer bytes = unsent;
        if (bytes != null) {
            channel.write(bytes);
            if (bytes.hasRemaining()) {
                return;
            }
            unsent = null;
        }
        key.interestOpsAnd(~SelectionKey.OP_WRITE);
        from.key.interestOpsOr(SelectionKey.OP_READ);
    }

    /** Passes the end on; with both ends passed on, all is over. */
    private void end(CopyPair to) throws IOException {
        inputEnded = true;
        key.interestOpsAnd(~SelectionKey.OP_READ);
        if (to.inputEnded) {
            channel.close();
            to.channel.close();
        } else {
            to.channel.shutdownOutput();
        }
    }
}
