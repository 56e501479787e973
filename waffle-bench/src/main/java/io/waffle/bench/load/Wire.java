// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection to the server, once it can carry requests. One thread may send while another receives. */
interface Wire extends AutoCloseable {

    SocketChannel channel();

    /** Sends all bytes from the buffer's position to its limit, and leaves both alone. */
    void send(ByteBuffer request) throws IOException;

    /** Appends what has come; -1 if nothing more will. */
    int receive(ByteBuffer dst) throws IOException;

    /** Whether more has come than the last {@link #receive} could take, so that the channel will not tell of it. */
    boolean hasMore();

    @Override
    void close() throws IOException;

    /** Writes all of it, also to a channel that does not block: a request alone always fits into the socket's buffer. */
    static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
