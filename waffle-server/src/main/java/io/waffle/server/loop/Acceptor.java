// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One loop's hand on a listening socket. Several loops may have theirs on one socket: whichever has nothing else to do is the first to
 * accept.
 *
 * <p>Threading: by one virtual thread of the loop.
 */
public final class Acceptor {

    /** So many are accepted in a row before the loop's connections get their turn. */
    private static final int BATCH = 32;

    private final ServerSocketChannel socket;
    private final Loop loop;
    private final Watch watch;
    private int inARow;

    private Acceptor(ServerSocketChannel socket, Loop loop) throws IOException {
        this.socket = socket;
        this.loop = loop;
        this.watch = loop.register(socket, 0);
    }

    /** Puts a bound socket, in non-blocking mode, on this loop too. */
    public static Acceptor of(ServerSocketChannel socket, Loop loop) throws IOException {
        return new Acceptor(socket, loop);
    }

    /**
     * Waits until there seems to be a client to accept. Another loop may be quicker.
     *
     * @throws java.io.InterruptedIOException if the thread was interrupted
     * @throws ClosedChannelException if the socket was closed, by whomever
     */
    public void awaitClient() throws IOException {
        watch.await(SelectionKey.OP_ACCEPT);
        inARow = 0;
    }

    /**
     * The next client; null if none is there now, or the socket was closed.
     *
     * @throws IOException if it could not be accepted, say because there are too many open files; the next one may be
     */
    public @Nullable SocketChannel tryAccept() throws IOException {
        if (++inARow == BATCH) {
            inARow = 0;
            loop.pass();
        }
        try {
            return socket.accept();
        } catch (ClosedChannelException e) {
            return null;
        }
    }

    /** Closes the socket, if another has not, and waits until this loop has let go of it. */
    public void close() throws IOException {
        socket.close();
        loop.settle();
    }
}
