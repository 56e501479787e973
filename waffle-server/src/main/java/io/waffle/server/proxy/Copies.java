// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.Framing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The copies of one request, which get its body as it passes. They leave as soon as all of it has, whatever its answer does, and not at all if it
 * is longer than it may be, or does not come to its end.
 */
final class Copies {

    private final List<Mirror.Copy> all = new ArrayList<>(1);
    private final boolean chunked;
    private final byte[] body;
    private int length;
    private boolean over;

    /** @param most bytes of the body */
    Copies(Framing framing, int most) {
        this.chunked = framing == Framing.CHUNKED;
        this.body = new byte[most];
    }

    void add(Mirror.Copy copy) {
        all.add(copy);
    }

    /** The next bytes of its body, which stay where they are. */
    void take(ByteBuffer from, int count) {
        if (over) {
            return;
        }
        if (length + count > body.length) {
            over = true;
            all.forEach(copy -> {
                copy.mirror().tooLong();
                copy.dropUncounted();
            });
            return;
        }
        from.get(from.position(), body, length, count);
        length += count;
    }

    /** It begins again. */
    void again() {
        length = 0;
    }

    /** That was all of it. */
    void send() {
        if (!over) {
            over = true;
            all.forEach(copy -> copy.send(framed()));
        }
    }

    private ByteBuffer framed() {
        if (!chunked) {
            return ByteBuffer.wrap(body, 0, length);
        }
        String size = length == 0 ? "" : Integer.toHexString(length) + "\r\n";
        String end = length == 0 ? "0\r\n\r\n" : "\r\n0\r\n\r\n";
        ByteBuffer framed = ByteBuffer.allocate(size.length() + length + end.length());
        framed.put(size.getBytes(StandardCharsets.US_ASCII)).put(body, 0, length);
        return framed.put(end.getBytes(StandardCharsets.US_ASCII)).flip();
    }

    /** There is to be none, unless they have left. */
    void drop() {
        if (!over) {
            over = true;
            all.forEach(Mirror.Copy::drop);
        }
    }
}
