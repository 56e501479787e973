// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** A long stream of bytes that both ends know, so that every byte received can be held against what was sent. */
final class TestStream {

    /** Prime, so that a whole buffer lost or repeated never goes unnoticed. */
    private static final int PERIOD = 1_000_003;

    private static final byte[] BYTES = new byte[PERIOD];

    static {
        new Random(7).nextBytes(BYTES);
    }

    private final Random sizes;
    private final long length;
    private long position;

    TestStream(long seed, long length) {
        this.sizes = new Random(seed);
        this.length = length;
    }

    boolean done() {
        return position == length;
    }

    long position() {
        return position;
    }

    /** The next bytes to send, as many as chance says; stays where it is until {@link #advance}. */
    ByteBuffer peek(int most) {
        int at = (int) (position % PERIOD);
        long n = Math.min(Math.min(1 + sizes.nextInt(most), length - position), PERIOD - at);
        return ByteBuffer.wrap(BYTES, at, (int) n).slice();
    }

    void advance(long by) {
        position += by;
    }

    int size(int most) {
        return 1 + sizes.nextInt(most);
    }

    /** Compares these received bytes with what they should be. */
    void check(byte[] got, int count) throws IOException {
        for (int done = 0; done < count; ) {
            int at = (int) (position % PERIOD);
            int n = Math.min(count - done, PERIOD - at);
            if (!Arrays.equals(got, done, done + n, BYTES, at, at + n)) {
                throw new IOException("other bytes than were sent, at or after " + position);
            }
            position += n;
            done += n;
        }
        if (position > length) {
            throw new IOException("more bytes than were sent: " + position);
        }
    }

    void sendAll(OutputStream out, int most) throws IOException {
        while (!done()) {
            ByteBuffer next = peek(most);
            byte[] bytes = new byte[next.remaining()];
            next.get(bytes);
            out.write(bytes);
            advance(bytes.length);
        }
        out.flush();
    }

    void receiveAll(InputStream in, int most) throws IOException {
        byte[] buffer = new byte[most];
        while (!done()) {
            int n = in.read(buffer, 0, size(most));
            if (n < 0) {
                throw new IOException("the end came at " + position);
            }
            check(buffer, n);
        }
    }

    /** Sends and receives at once on one virtual thread, never waiting for one when it could do the other. */
    static void duplex(Channel channel, TestStream out, TestStream in, int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        while (!in.done() || !out.done()) {
            boolean moved = false;
            if (!out.done()) {
                ByteBuffer next = out.peek(most);
                ByteBuffer[] parts = {
                    next.slice(0, next.remaining() / 3),
                    next.slice(next.remaining() / 3, next.remaining() - next.remaining() / 3)
                };
                long n = channel.tryWrite(parts, 0, 2);
                out.advance(n);
                moved = n > 0;
            }
            if (!in.done()) {
                int n = channel.tryRead(buffer.clear().limit(in.size(most)));
                if (n < 0) {
                    throw new IOException("the end came at " + in.position());
                }
                in.check(buffer.array(), n);
                moved |= n > 0;
            }
            if (!moved) {
                channel.await((in.done() ? 0 : Channel.READ) | (out.done() ? 0 : Channel.WRITE));
            }
        }
        channel.flush();
    }

    /** Sends back what comes, until the end. */
    static void echo(Channel channel, int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        while (channel.read(buffer.clear()) >= 0) {
            channel.write(buffer.flip());
        }
    }
}
