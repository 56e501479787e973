// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.HeadException;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The backend's side of an exchange, attempt after attempt: its connection, the request on its way to it, and what has come of its response.
 * Used again with its {@link Exchange}.
 */
final class BackendSide {

    /** The request on its way to it. */
    final Outlet out;

    private final ResponseHead response;
    private final Intake in;
    private @Nullable Channel channel;
    private long firstByteNanos;

    BackendSide(ResponseHead response, Buffers buffers) {
        this.response = response;
        this.out = new Outlet(buffers);
        this.in = new Intake(buffers);
    }

    /** An attempt begins, which may not come as far as a connection. */
    void begin() {
        firstByteNanos = 0;
    }

    /** A request is about to be staged for this connection, on which nothing has come yet; {@code headRoom} as for {@link Outlet#open}. */
    void open(Channel to, int headRoom) {
        out.open(to, headRoom);
        channel = to;
        in.close();
        response.reset();
    }

    Channel channel() {
        return Exchange.present(channel);
    }

    /** Reads on in the head of a response, without waiting; its length, or -1 if more is to come. */
    int readHead() throws ExchangeException {
        while (true) {
            int length = parseHead();
            if (length >= 0 || !fill()) {
                return length;
            }
        }
    }

    private int parseHead() throws ExchangeException {
        try {
            return response.parse(in.buffer(), in.received());
        } catch (HeadException e) {
            throw ExchangeException.of(Fault.BAD_RESPONSE, e);
        }
    }

    private boolean fill() throws ExchangeException {
        ByteBuffer answer = in.room();
        int n;
        try {
            n = channel().tryRead(answer);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.BACKEND_RESET, e);
        }
        if (n < 0) {
            throw ExchangeException.of(firstByteNanos != 0 ? Fault.BAD_RESPONSE : Fault.BACKEND_RESET);
        }
        if (n > 0) {
            markFirstByte();
        } else {
            in.settle();
        }
        return n > 0;
    }

    private void markFirstByte() {
        if (firstByteNanos == 0) {
            firstByteNanos = System.nanoTime();
        }
    }

    /** When the first byte of a response to this attempt came, as {@link System#nanoTime}; 0 if none did. */
    long firstByteNanos() {
        return firstByteNanos;
    }

    /** Where the head of the response is, from index 0 on. */
    ByteBuffer head() {
        return in.buffer();
    }

    /** Goes on with what came behind an interim response. */
    void dropHead(int length) {
        in.dropHead(length);
        response.reset();
    }

    /** Hands over what came behind the head of the final response, with the buffer it is in. */
    ByteBuffer takeBody(int headLength) {
        in.startBody(headLength);
        return in.take();
    }

    /** Gives everything back. */
    void release() {
        in.close();
        out.close();
        channel = null;
    }
}
