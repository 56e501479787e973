// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Notices a client that leaves while its request is served, whatever is waited for. Three things can happen to a client:
 *
 * <ul>
 *   <li>Its connection is reset. The selector says so as long as we listen for more; where we may not, because its stream has ended or there
 *       is no room for what it sends, the host is asked now and then.
 *   <li>Its stream ends. It may only have closed its sending half, and still wait for the answer. The two look the same until something is
 *       sent, and then the host of one that has gone answers with a reset. So it is sent, a byte at a time, what it gets in any case: the
 *       version that each response begins with ({@link #STATUS}), or, between two chunks, a zero that the size of the next one may begin with
 *       (RFC 9112 sections 4 and 7.1). No client can tell that from an answer that comes in small pieces.
 *   <li>It sends the beginning of the next request. That is kept.
 * </ul>
 */
final class ClientWatch implements Channel.Bystander {

    /** What may be sent ahead of the next thing that will be said. */
    enum Ahead {
        NOTHING,
        /** The beginning of a status line. */
        STATUS,
        /** The beginning of the size of a chunk. */
        CHUNK_SIZE
    }

    /** How often the host is asked for what the selector does not tell. */
    private static final long LOOK_NANOS = 300_000_000;

    private static final byte[] STATUS = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);

    /** Some clients take sizes of so many digits only, of which we need eight. */
    private static final int MOST_ZEROS = 4;

    private final BodyRelay upload;
    private @Nullable ByteBuffer one; // few clients are asked this way
    private @Nullable Channel client;
    private boolean ended;
    private int statusSent;
    private int zerosSent;
    private long lookAt;
    private long probeAt;
    private long pause;

    ClientWatch(BodyRelay upload) {
        this.upload = upload;
    }

    void begin(Channel channel) {
        client = channel;
        ended = false;
        statusSent = 0;
        zerosSent = 0;
        lookAt = Deadline.NONE;
    }

    /** Whether the client has closed its sending half. */
    boolean ended() {
        return ended;
    }

    @Override
    public Channel channel() {
        if (client == null) {
            throw new IllegalStateException("not begun");
        }
        return client;
    }

    /** What to wait for at the client. */
    @Override
    public int ops() {
        return mayRead() ? Channel.READ : 0;
    }

    private boolean mayRead() {
        return !ended
                && upload.mayReadAhead()
                && upload.rest().limit() < upload.rest().capacity();
    }

    /**
     * When to {@link #look} next, though nothing comes.
     *
     * @param listening whether the selector tells of what the client does
     */
    long lookAt(boolean listening, long now) {
        if (listening) {
            lookAt = Deadline.NONE;
        } else if (lookAt == Deadline.NONE) {
            lookAt = now + LOOK_NANOS;
        }
        return lookAt;
    }

    /** Waits until the client has done something, the channel of the client is {@linkplain Channel#poke poked}, or this time has come. */
    void await(long until) throws ExchangeException {
        try {
            int ops = ops();
            channel().deadline(Math.min(until, lookAt(ops != 0, Deadline.now())));
            channel().await(ops);
        } catch (DeadlineException e) {
            // the caller looks at the time
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        } finally {
            channel().deadline(Deadline.NONE);
        }
        look(Ahead.STATUS);
    }

    /** While something else is waited for, at another channel. */
    @Override
    public void look() throws IOException {
        try {
            look(Ahead.STATUS);
        } catch (ExchangeException e) {
            throw new ClientGoneException(e);
        }
    }

    @Override
    public long lookAt() {
        return lookAt(ops() != 0, Deadline.now());
    }

    /** Looks what has become of the client: what it has sent is put behind what was read of it before. */
    void look(Ahead ahead) throws ExchangeException {
        if (mayRead() && channel().isReadable()) {
            read(upload.rest());
        }
        if (!Deadline.passed(lookAt)) {
            return;
        }
        long now = Deadline.now();
        lookAt = now + LOOK_NANOS;
        if (channel().isDead()) {
            throw ExchangeException.of(Fault.CLIENT_GONE);
        }
        if (ended && now >= probeAt) {
            probeAt = now + pause;
            pause *= 2;
            probe(ahead);
        }
    }

    private void read(ByteBuffer ahead) throws ExchangeException {
        int start = ahead.position();
        ahead.position(ahead.limit()).limit(ahead.capacity());
        try {
            if (channel().tryRead(ahead) < 0) {
                ended = true;
                lookAt = Deadline.in(LOOK_NANOS);
                probeAt = lookAt;
                pause = LOOK_NANOS;
            }
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        } finally {
            ahead.flip().position(start);
        }
    }

    private void probe(Ahead ahead) throws ExchangeException {
        try {
            if (ahead == Ahead.STATUS && statusSent < STATUS.length) {
                statusSent += send(STATUS[statusSent]);
            } else if (ahead == Ahead.CHUNK_SIZE && zerosSent < MOST_ZEROS) {
                zerosSent += send((byte) '0');
            }
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        }
    }

    private int send(byte what) throws IOException {
        ByteBuffer asks = one == null ? ByteBuffer.allocateDirect(1) : one.clear();
        one = asks;
        int n = channel().tryWrite(asks.put(what).flip());
        channel().tryFlush();
        return n;
    }

    /** Takes out of a head, in write mode, what the client has got of it already. */
    void cutAhead(ByteBuffer staged) {
        if (statusSent > 0) {
            staged.flip().position(statusSent);
            staged.compact();
            statusSent = 0;
        }
    }
}
