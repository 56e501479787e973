// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Bodies too large to hold: generated as they are sent, checked as they come. A seeded random block, over and over; its length shares no factor
 * with any buffer's, so that a buffer left out, doubled or swapped shows at once.
 */
final class Content {
    private static final byte[] BLOCK = new byte[(4 << 20) - 59];

    static {
        new Random(20_260_101).nextBytes(BLOCK);
    }

    private Content() {}

    /** Sends the first so many bytes. */
    static void send(long length, OutputStream to) throws IOException {
        for (long left = length; left > 0; left -= BLOCK.length) {
            to.write(BLOCK, 0, (int) Math.min(left, BLOCK.length));
        }
    }

    /** Sends them in chunks of all sizes up to a megabyte, and the last chunk. */
    static void sendChunked(long length, OutputStream to) throws IOException {
        sendChunks(length, to);
        to.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** As {@link #sendChunked}, without the last chunk. */
    static void sendChunks(long length, OutputStream to) throws IOException {
        var random = new Random(length);
        int size;
        for (long at = 0; at < length; at += size) {
            int offset = (int) (at % BLOCK.length);
            int largest = 1 << random.nextInt(4, 20);
            size = (int) Math.min(1 + random.nextInt(largest), Math.min(length - at, BLOCK.length - offset));
            to.write((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            to.write(BLOCK, offset, size);
            to.write(new byte[] {'\r', '\n'});
        }
    }

    /** Compares what comes with what was sent, byte for byte. */
    static final class Check implements WireReader.Sink {
        private long received;

        @Override
        public void accept(byte[] bytes, int offset, int length) {
            int done = 0;
            while (done < length) {
                int at = (int) (received % BLOCK.length);
                int n = Math.min(length - done, BLOCK.length - at);
                int from = offset + done;
                int differs = Arrays.mismatch(bytes, from, from + n, BLOCK, at, at + n);
                if (differs >= 0) {
                    throw new AssertionError("byte " + (received + differs) + " differs from the one sent");
                }
                received += n;
                done += n;
            }
        }

        /** How many bytes have come, all of them right. */
        long received() {
            return received;
        }
    }
}
