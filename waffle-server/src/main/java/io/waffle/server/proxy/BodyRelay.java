// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.BodyDecoder;
import io.waffle.server.http.Framing;
import io.waffle.server.http.HeadException;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an exchange: a body on its way from the channel it is read from to the {@link Outlet} it leaves by. Its framing is read
 * strictly and made anew. It moves what can be moved now and never waits, so that one thread can drive both directions.
 */
final class BodyRelay {

    private final Outlet outlet;
    private final BodyDecoder decoder = new BodyDecoder();
    private final Fault readFault;
    private final Fault writeFault;

    private @Nullable Channel source;
    private @Nullable Buffers buffers;
    private @Nullable ByteBuffer input;
    private boolean borrowed;
    private boolean chunked;
    private boolean ended = true;
    private boolean readMore;
    private boolean discards;
    private long limit;

    /**
     * @param readFault what it is when the source breaks off
     * @param writeFault what it is when the other side takes no more
     */
    BodyRelay(Outlet outlet, Fault readFault, Fault writeFault) {
        this.outlet = outlet;
        this.readFault = readFault;
        this.writeFault = writeFault;
    }

    /**
     * Starts a body.
     *
     * @param first what was read behind the head, in read mode; stays the caller's, and is not written to
     * @param chunkedOut whether it leaves in chunks
     * @param maxContent how many bytes of content are let through
     */
    void begin(
            Channel from,
            Buffers pool,
            ByteBuffer first,
            Framing framing,
            long length,
            boolean chunkedOut,
            long maxContent) {
        giveBack();
        source = from;
        buffers = pool;
        input = first;
        chunked = chunkedOut;
        limit = maxContent;
        decoder.begin(framing, length);
        ended = false;
        readMore = false;
        discards = false;
    }

    /** What follows the body passes as it is, until the source closes. */
    void beginTunnel() {
        decoder.begin(Framing.CLOSE, -1);
        limit = Long.MAX_VALUE;
        chunked = false;
        ended = false;
    }

    /** From now on the body is only read, up to this many more bytes of content, and goes nowhere. */
    void discard(long maxContent) {
        outlet.drop();
        discards = true;
        limit = decoder.contentBytes() + maxContent;
    }

    /** Whether the whole body, and all before it, has left. */
    boolean done() {
        return ended && (discards || !outlet.pending());
    }

    /** Whether it waits for the other side to take more; else it waits for the source. */
    boolean blockedOnWrite() {
        return outlet.pending();
    }

    /** Whether the last byte of the body was read. */
    boolean sourceEnded() {
        return ended;
    }

    /** Whether anything was read from the source beyond what {@link #begin} was given: then it cannot be begun again. */
    boolean readMore() {
        return readMore;
    }

    /** Content bytes that are known to be still to come. */
    long left() {
        return decoder.left();
    }

    /** What was read behind the end of the body. */
    ByteBuffer rest() {
        return input();
    }

    /** Moves what can be moved; false if that was nothing. */
    boolean step() throws ExchangeException {
        boolean moved = false;
        while (true) {
            moved |= decode();
            if (!discards && outlet.pending()) {
                long before = outlet.written();
                if (!flush()) {
                    return moved || outlet.written() != before;
                }
                moved = true;
                continue;
            }
            if (ended || !fill()) {
                return moved;
            }
            moved = true;
        }
    }

    /** Takes what the input holds, as far as there is room for it. */
    private boolean decode() throws ExchangeException {
        boolean taken = false;
        try {
            while (!ended && !(outlet.lends() && !discards)) {
                int n = decoder.next(input());
                if (n > 0 ? !take(n) : !takeEnd()) {
                    break;
                }
                taken = true;
            }
        } catch (HeadException e) {
            throw malformed(e);
        }
        return taken;
    }

    private boolean take(int length) throws ExchangeException {
        if (decoder.contentBytes() + length > limit) {
            throw ExchangeException.badRequest(413, "the body is too large");
        }
        if (discards) {
            input().position(input().position() + length);
        } else if (outlet.accepts(length)) {
            outlet.run(input(), length, chunked);
        } else {
            return false;
        }
        decoder.taken(length);
        return true;
    }

    private boolean takeEnd() {
        if (!decoder.ended()) {
            return false; // more input is needed
        }
        if (chunked && !discards && !outlet.lastChunk(decoder.trailers())) {
            return false;
        }
        ended = true;
        return true;
    }

    private boolean flush() throws ExchangeException {
        try {
            return outlet.tryFlush();
        } catch (IOException e) {
            throw ExchangeException.of(writeFault, e);
        }
    }

    /** Reads more; false if there is nothing now. The input is used up whenever this is called. */
    private boolean fill() throws ExchangeException {
        ByteBuffer into = emptyInput();
        int n;
        try {
            n = channel().tryRead(into);
        } catch (IOException e) {
            into.limit(0);
            throw ExchangeException.of(readFault, e);
        }
        into.flip();
        if (n < 0) {
            endOfSource();
        }
        readMore |= n > 0;
        return n != 0;
    }

    private void endOfSource() throws ExchangeException {
        if (!decoder.endOfInput()) {
            throw ExchangeException.of(readFault); // never a proper end for a truncated body
        }
    }

    private ByteBuffer emptyInput() {
        if (!borrowed) {
            input = pool().large();
            borrowed = true;
        }
        return input().clear();
    }

    private ExchangeException malformed(HeadException e) {
        return readFault.source() == Fault.Source.CLIENT
                ? ExchangeException.badRequest(e)
                : ExchangeException.of(Fault.BAD_RESPONSE, e);
    }

    /** Hands over the buffer that holds {@link #rest()}: the one {@link #begin} was given, or another that must be given back. */
    ByteBuffer takeRest() {
        borrowed = false;
        return input();
    }

    /** Gives back what was borrowed. */
    void release() {
        giveBack();
        input = null;
        source = null;
        buffers = null;
        ended = true;
    }

    private void giveBack() {
        if (borrowed) {
            pool().giveBack(input());
            borrowed = false;
        }
    }

    private ByteBuffer input() {
        return present(input);
    }

    private Channel channel() {
        return present(source);
    }

    private Buffers pool() {
        return present(buffers);
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not begun");
        }
        return value;
    }
}
