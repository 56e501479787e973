// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.HeadException;
import io.waffle.server.http.RequestHead;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an exchange: its connection, what has come of its request, and what is on its way to it. Used again with its
 * {@link Exchange}; between two requests it holds at most what the client has sent ahead.
 *
 * <p>Layout: {@code in} holds the request head from index 0, and whatever was read with it. It stays as it is until the exchange ends, so that
 * the request can be sent again.
 */
final class ClientSide {

    /** What may come of the next request meanwhile, while a long wait has left its buffer: for who sends more than that, the host is asked now and then. */
    private static final int ROOM_AHEAD = 256;

    /** Responses on their way to it. */
    final Outlet out;

    private final RequestHead request;
    private final Intake in;
    private final int minHeadRate;

    private @Nullable Channel channel;
    private @Nullable Peer peer;
    private @Nullable HeadWait wait;
    private boolean inputEnded;
    private @Nullable IOException lost;

    ClientSide(RequestHead request, Buffers buffers, int minHeadRate) {
        this.request = request;
        this.out = new Outlet(buffers);
        this.in = new Intake(buffers);
        this.minHeadRate = minHeadRate;
    }

    /** Begins with a connection; false if there is no memory for it now. */
    boolean tryOpen(Channel from, Peer at, HeadWait waitsAs) {
        channel = from;
        peer = at;
        wait = waitsAs;
        return in.tryOpen();
    }

    Channel channel() {
        return Exchange.present(channel);
    }

    /** Who is at the other end. */
    Peer peer() {
        return Exchange.present(peer);
    }

    /** Whether a stop has cut it off. */
    boolean isStopped() {
        return Exchange.present(wait).isStopped();
    }

    /**
     * Takes what has come of a request, without waiting.
     *
     * @param aside what came of it before
     * @return how many bytes there are now, 0 if none are, -1 if the client has closed and there are none
     */
    int receive(byte[] aside) throws IOException {
        in.room().put(aside);
        int n = -1;
        lost = null;
        try {
            n = channel().tryRead(in.room());
            if (n == 0 && !channel().isOpen()) {
                throw new ClosedChannelException();
            }
        } catch (IOException e) {
            n = -1;
            if (aside.length == 0) {
                throw e;
            }
            lost = e; // a request has begun, of which there is something to tell
        }
        inputEnded = n < 0;
        return n < 0 && aside.length == 0 ? n : in.skipEmptyLine();
    }

    /** Whether the client has closed, behind what was {@linkplain #receive received}. */
    boolean inputEnded() {
        return inputEnded;
    }

    /** Whether what has come is in order, but not all of a head. Only before {@link #parseHead}, which goes on where this has ended. */
    boolean isPartOfHead() {
        try {
            return request.parse(in.buffer(), in.received()) < 0;
        } catch (HeadException e) {
            request.reset();
            return false; // which is said when it is read
        }
    }

    /** What was {@linkplain #receive received}. */
    byte[] copyOfHead() {
        return in.copy();
    }

    /** The length of the head, if what has come has all of it; else negative. */
    int parseHead() throws HeadException {
        return request.parse(in.buffer(), in.received());
    }

    /** Waits for the rest of a head: all of it has so much time, and the longer it takes the more must have come (limits.min_head_rate). Its length. */
    int awaitHead(long nanos) throws ExchangeException, HeadException, IOException {
        HeadWait waiting = Exchange.present(wait);
        long begun = waiting.headBegins();
        int length;
        do {
            channel().deadline(begun + Pace.ofHead(in.received(), minHeadRate, nanos));
            if (readMore(waiting) < 0) {
                throw ExchangeException.badRequest(400, "the request broke off in its head");
            }
            length = parseHead();
        } while (length < 0);
        waiting.headEnds();
        return length;
    }

    private int readMore(HeadWait waiting) throws ExchangeException, IOException {
        if (lost != null) {
            throw lost;
        }
        int n;
        while ((n = channel().tryRead(in.room())) == 0) {
            if (waiting.givesWay()) {
                throw ExchangeException.of(Fault.SHORT_OF_MEMORY);
            }
            channel().await(Channel.READ);
        }
        return n;
    }

    /** Where the head of the request is, from index 0 on. */
    ByteBuffer head() {
        return in.buffer();
    }

    /** How much has come of a head that is not whole, or not valid. */
    int headReceived() {
        return in.received();
    }

    /** The head is whole: what was received behind it can be read. */
    void startBody(int headLength) {
        in.startBody(headLength);
    }

    /** Whether the head is in a buffer many times larger than what has come. */
    boolean mayMoveHead() {
        return in.buffer().isDirect() && in.buffer().limit() <= Buffers.TINY;
    }

    /** Moves what has come, and is only kept, to where it takes little more than it is long. */
    void moveHead(BodyRelay upload) {
        ByteBuffer former = in.buffer();
        upload.movedTo(former, in.moveToHeap(ROOM_AHEAD));
        request.movedTo(in.buffer());
    }

    /** Keeps of what has come nothing but the head, where it takes no more than it is long. Nothing else may need the rest. */
    void shrinkHead(int headLength) {
        in.shrink(headLength);
        request.movedTo(in.buffer());
    }

    /** Sees everything staged for it leave. */
    void flush(long deadline) throws IOException {
        channel().deadline(deadline);
        while (!out.tryFlush()) {
            channel().await(Channel.WRITE);
        }
    }

    /** Makes what it has sent ahead the beginning of the next request; returns how many bytes that is. */
    int nextRequest(ByteBuffer rest) {
        in.next(rest);
        return in.skipEmptyLine();
    }

    /** A buffer for bytes nobody wants. The exchange is over when it is asked for. */
    ByteBuffer scratch() {
        if (!in.buffer().isDirect()) {
            in.close(); // it was shrunk
        }
        return in.buffer().clear().hasRemaining() ? in.buffer() : in.room();
    }

    /** Gives everything back. */
    void release() {
        in.close();
        out.close();
        channel = null;
        peer = null;
        wait = null;
        lost = null;
    }
}
