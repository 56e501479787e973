// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes as they are. */
record PlainWire(SocketChannel channel) implements Wire {

    @Override
    public void send(ByteBuffer request) throws IOException {
        Wire.writeAll(channel, request.duplicate());
    }

    @Override
    public int receive(ByteBuffer dst) throws IOException {
        return channel.read(dst);
    }

    @Override
    public boolean hasMore() {
        return false;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
