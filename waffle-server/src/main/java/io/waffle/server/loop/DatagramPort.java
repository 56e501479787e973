// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A UDP port on a loop.
 *
 * <p>Threading: any thread may send and close; one virtual thread at a time receives, the loop's own.
 */
public final class DatagramPort implements AutoCloseable {

    private final DatagramChannel socket;
    private final Watch watch;

    private DatagramPort(DatagramChannel socket, Watch watch) {
        this.socket = socket;
        this.watch = watch;
    }

    /** One that the host chooses, on this loop. */
    public static DatagramPort open(Loop loop) throws IOException {
        DatagramChannel socket = DatagramChannel.open();
        try {
            socket.configureBlocking(false);
            socket.bind(null);
            return new DatagramPort(socket, loop.register(socket, SelectionKey.OP_READ));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends one datagram.
     *
     * @throws IOException also if the host has no room for it now
     */
    public void send(ByteBuffer datagram, InetSocketAddress to) throws IOException {
        if (socket.send(datagram, to) == 0) {
            throw new IOException("no room for a datagram");
        }
    }

    /**
     * Waits for one, which is put into the buffer as far as it fits; returns whom it is from.
     *
     * @throws IOException if it is closed meanwhile
     */
    public InetSocketAddress receive(ByteBuffer into) throws IOException {
        while (true) {
            @Nullable InetSocketAddress from = (InetSocketAddress) socket.receive(into);
            if (from != null) {
                return from;
            }
            watch.await(SelectionKey.OP_READ);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is wanted of it any more
        }
        watch.closed();
    }
}
