// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.Shelf;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * What carries ciphertext between a socket and OpenSSL: a pair of its BIOs with a ring of memory each way. The socket reads into the one
 * ring and is written from the other, so that nothing is copied on our side. Borrowed like a buffer ({@link Shelf}).
 *
 * <p>OpenSSL starts an empty ring at its beginning, and what lies in one is not wrapped around its end: the ring for sending is written to
 * only as far as that, and the other one is filled either when it is empty or up to its end. So the two views made here, of the whole
 * rings, are all that is ever touched from here.
 *
 * <p>Threading: as whoever borrowed it.
 */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSslPipe {

    /** Two of the largest records. */
    private static final int RECEIVING = 2 * (5 + (1 << 14) + 256);

    /** Four full records, a head before them and the end of a chunk behind, with room for a fifth, without which none is begun. */
    private static final int SENDING = 84 * 1024;

    /** What one takes: the rings, and a little for what is beside them. */
    private static final int BYTES = RECEIVING + SENDING + 1024;

    static final Shelf.Kind<OpenSslPipe> KIND = new Shelf.Kind<>() {
        @Override
        public int bytes() {
            return BYTES;
        }

        @Override
        public OpenSslPipe make() {
            return new OpenSslPipe();
        }

        @Override
        public void free(OpenSslPipe pipe) {
            pipe.free();
        }
    };

    private final long inner; // OpenSSL's end
    private final long outer; // the socket's
    private final MemorySegment slot = Arena.ofAuto().allocate(OpenSsl.PTR);
    private final ByteBuffer receiving;
    private final ByteBuffer sending;
    private final long receivingAt;
    private final long sendingAt;

    OpenSslPipe() {
        long[] ends = OpenSsl.pair(SENDING, RECEIVING);
        inner = ends[0];
        outer = ends[1];
        receiving = view(outer, RECEIVING);
        receivingAt = slot.get(OpenSsl.PTR, 0);
        sending = view(inner, SENDING);
        sendingAt = slot.get(OpenSsl.PTR, 0);
    }

    /** The ring this end writes to. */
    private ByteBuffer view(long end, int size) {
        int room = OpenSsl.room(end, slot.address());
        if (room != size) {
            throw new IllegalStateException("a ring of " + room + " bytes (expected: " + size + ")");
        }
        return MemorySegment.ofAddress(slot.get(OpenSsl.PTR, 0))
                .reinterpret(size)
                .asByteBuffer();
    }

    /** OpenSSL's end. */
    long bio() {
        return inner;
    }

    /** Reads from the socket what there is room for; nothing may be left from before. As a read. */
    int receive(PlainChannel socket) throws IOException {
        int n = socket.tryRead(receiving.clear());
        if (n > 0) {
            OpenSsl.wrote(outer, slot.address(), n);
        }
        return n;
    }

    /** As {@link #receive}, behind what is left from before; 0 also where there is no room for more. */
    int receiveMore(PlainChannel socket) throws IOException {
        int room = OpenSsl.room(outer, slot.address());
        if (room <= 0) {
            return 0;
        }
        int start = (int) (slot.get(OpenSsl.PTR, 0) - receivingAt);
        int n = socket.tryRead(receiving.limit(start + room).position(start));
        if (n > 0) {
            OpenSsl.wrote(outer, slot.address(), n);
        }
        return n;
    }

    /** The first byte of what was received, while nothing of it has been taken. */
    byte first() {
        return receiving.get(0);
    }

    /** How much of what was received OpenSSL has not taken. */
    int received() {
        return OpenSsl.received(inner);
    }

    /** How much more OpenSSL can put here. */
    int room() {
        return OpenSsl.writable(inner);
    }

    /** Sends what OpenSSL has put here; true if nothing of it is left. */
    boolean send(PlainChannel socket) throws IOException {
        int n = OpenSsl.present(outer, slot.address());
        if (n <= 0) {
            return true;
        }
        int start = (int) (slot.get(OpenSsl.PTR, 0) - sendingAt);
        int sent = socket.tryWrite(sending.limit(start + n).position(start));
        if (sent > 0) {
            OpenSsl.took(outer, slot.address(), sent);
        }
        return sent == n;
    }

    /** Whether something is left to send. */
    boolean pending() {
        return OpenSsl.received(outer) > 0;
    }

    boolean isEmpty() {
        return received() == 0 && !pending();
    }

    /** Forgets all that is in it. */
    void reset() {
        OpenSsl.reset(inner);
        OpenSsl.reset(outer);
    }

    private void free() {
        OpenSsl.freeEnd(inner);
        OpenSsl.freeEnd(outer);
    }
}
