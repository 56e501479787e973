// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.BodyDecoder;
import io.waffle.server.http.Framing;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.TrailerRules;
import io.waffle.server.loop.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an exchange: a body on its way from its {@link BodyInput} to the {@link Outlet} it leaves by. Its framing is read
 * strictly and made anew. It moves what can be moved now and never waits, so that one thread can drive both directions.
 */
final class BodyRelay {

    private final BodyInput input;
    private final Outlet outlet;
    private final BodyDecoder decoder;
    private final Fault readFault;
    private final Fault writeFault;

    private Framing framing = Framing.NONE;
    private long length;
    private boolean ended = true;
    private boolean discards;
    private long limit;

    /** Who gets what passes, too. */
    private @Nullable Copies copies;

    /**
     * @param trailers what may come behind the body
     * @param readFault what it is when the source breaks off
     * @param writeFault what it is when the other side takes no more
     */
    BodyRelay(BodyInput input, Outlet outlet, TrailerRules trailers, Fault readFault, Fault writeFault) {
        this.decoder = new BodyDecoder(trailers);
        this.input = input;
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
    void begin(Channel from, ByteBuffer first, Framing framedBy, long hasLength, boolean chunkedOut, long maxContent) {
        input.begin(from, first);
        framing = framedBy;
        length = hasLength;
        outlet.inChunks(chunkedOut);
        limit = maxContent;
        copies = null;
        start();
    }

    /** As {@link #begin}, for a body that is never begun again: {@code first}, which is borrowed, is handed over. */
    void adopt(Channel from, ByteBuffer first, Framing framedBy, long hasLength, boolean chunkedOut) {
        input.adopt(from, first);
        framing = framedBy;
        length = hasLength;
        outlet.inChunks(chunkedOut);
        limit = Long.MAX_VALUE;
        start();
    }

    /** From now on it can be begun again, as long as it is not too long for that. */
    void keep() {
        input.keep(length);
    }

    /** It will not be begun again after this time. */
    void stopKeeping() {
        input.stopKeeping();
    }

    /** Whether it can be begun again. */
    boolean isWhole() {
        return input.isWhole();
    }

    /** Begins again. Nothing may be on its way in the outlet. */
    void rewind() {
        input.rewind();
        if (copies != null) {
            copies.again();
        }
        start();
    }

    /** From now on the body is only read, and kept, until it {@linkplain #endAhead begins again}. */
    void startAhead() {
        input.keepAll();
        discards = true;
    }

    /** Whether so many bytes of content have been read, or all there are, or as many as can be kept. */
    boolean isAhead(long most) {
        return ended || decoder.contentBytes() >= most || !input.hasRoom();
    }

    /** Reads what has come of it, as far as that; false if that was nothing. */
    boolean readAhead(long most) throws ExchangeException {
        boolean moved = decode();
        while (!isAhead(most) && !(moved && input.isTurnSpent()) && fill()) {
            moved = true;
            decode();
        }
        return moved;
    }

    /** @param again whether it may have to begin once more even then */
    void endAhead(boolean again) {
        boolean all = ended;
        rewind();
        input.keepUsually();
        if (!again && !all) {
            input.stopKeeping();
        }
    }

    /** What passes from now on goes there, too; null for nowhere. */
    void copyTo(@Nullable Copies others) {
        copies = others;
    }

    private void start() {
        decoder.begin(framing, length);
        ended = false;
        discards = false;
    }

    /** What follows the body passes as it is, until the source closes. */
    void beginTunnel() {
        decoder.begin(Framing.CLOSE, -1);
        limit = Long.MAX_VALUE;
        outlet.inChunks(false);
        ended = false;
    }

    /** Lets go of what {@link #begin} was given, if that is used up; false if it is not. It cannot be begun again. */
    boolean leaveFirst() {
        if (rest().hasRemaining() || outlet.lends()) {
            return false;
        }
        input.leaveFirst();
        return true;
    }

    /** What {@link #begin} was given is in another buffer from now on, at the same places. */
    void movedTo(ByteBuffer former, ByteBuffer now) {
        input.movedTo(former, now);
    }

    /** Whether what is still needed of it is in a buffer that is larger than it has to be. */
    boolean mayShrink() {
        return input.mayShrink();
    }

    /** Moves that to a smaller one, if there is one. Not while a run is lent. */
    void shrink() {
        input.shrink();
    }

    /** From now on the body is only read, up to this many more bytes of content, and goes nowhere. */
    void discard(long maxContent) {
        outlet.drop();
        input.stopKeeping();
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

    /** Whether more may be read behind {@link #rest()}, which is all there is and nobody's at this moment. */
    boolean mayReadAhead() {
        return !input.isReplaying() && !outlet.lends();
    }

    /** Content bytes that are known to be still to come. */
    long left() {
        return decoder.left();
    }

    /** How many bytes of content have been taken so far. */
    long content() {
        return decoder.contentBytes();
    }

    /** Whether the next that leaves is the size of a chunk. */
    boolean isBetweenChunks() {
        return outlet.isInChunks() && !ended && !outlet.pending();
    }

    /** What was read behind the end of the body. */
    ByteBuffer rest() {
        return input.buffer();
    }

    /** Moves what can be moved in one {@linkplain io.waffle.server.loop.Turn turn}; false if that was nothing. */
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
            if (ended || (moved && input.isTurnSpent()) || !fill()) {
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
                int n = decoder.next(input.buffer());
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

    private boolean take(int count) throws ExchangeException {
        if (decoder.contentBytes() + count > limit) {
            throw ExchangeException.badRequest(413, "the body is too large");
        }
        if (discards) {
            ByteBuffer from = input.buffer();
            from.position(from.position() + count);
        } else if (outlet.accepts(count)) {
            if (copies != null) {
                copies.take(input.buffer(), count);
            }
            outlet.run(input.buffer(), count);
        } else {
            return false;
        }
        decoder.taken(count);
        return true;
    }

    private boolean takeEnd() {
        if (!decoder.ended()) {
            return false; // more input is needed
        }
        if (!discards && !outlet.end(decoder.trailers())) {
            return false;
        }
        ended = true;
        if (copies != null && !discards) {
            copies.send();
        }
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
        int n;
        try {
            n = input.fill();
        } catch (IOException e) {
            throw ExchangeException.of(readFault, e);
        }
        if (n < 0) {
            endOfSource();
        }
        return n != 0;
    }

    private void endOfSource() throws ExchangeException {
        if (!decoder.endOfInput()) {
            throw ExchangeException.of(readFault); // never a proper end for a truncated body
        }
    }

    private ExchangeException malformed(HeadException e) {
        return readFault.source() == Fault.Source.CLIENT
                ? ExchangeException.badRequest(e)
                : ExchangeException.of(Fault.BAD_RESPONSE, e);
    }

    /** Hands over the buffer that holds {@link #rest()}: the one {@link #begin} was given, or another that must be given back. */
    ByteBuffer takeRest() {
        return input.take();
    }

    /** Gives back what was borrowed. */
    void release() {
        input.release();
        ended = true;
    }
}
