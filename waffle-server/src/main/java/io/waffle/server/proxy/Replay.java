// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Buffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a body that were read and sent, as they came from the client: kept in the buffers they were read into, and beyond a bound in a file.
 * They can be gone through again and again.
 */
final class Replay {

    private final Spool spool;
    private final Buffers buffers;
    private final RequestClock clock;
    private final List<ByteBuffer> memory = new ArrayList<>(1);
    private @Nullable SpillFile file;

    /** What the file is read into. */
    private @Nullable ByteBuffer window;

    private long inMemory;
    private int nextInMemory;
    private long nextInFile;

    /** @param clock of the request they belong to */
    Replay(Spool spool, Buffers buffers, RequestClock clock) {
        this.spool = spool;
        this.buffers = buffers;
        this.clock = clock;
    }

    /** The most bytes of a body that may be kept. */
    long most() {
        return spool.most();
    }

    /**
     * Keeps all that is in a borrowed buffer, up to its limit.
     *
     * @return the buffer to go on with: another one, this one being kept, or this one; null if it cannot be kept
     */
    @Nullable
    ByteBuffer keep(ByteBuffer full) {
        ByteBuffer next = inMemory + full.limit() <= spool.memory() ? buffers.spare() : null;
        if (next != null) {
            memory.add(full);
            inMemory += full.limit();
            return next;
        }
        return spill(full.rewind()) ? full.clear() : null;
    }

    private boolean spill(ByteBuffer full) {
        long deadline = clock.within(Spool.CALL_TIME);
        if (file == null) {
            file = spool.open(deadline);
        }
        if (file == null) {
            return false;
        }
        try {
            file.append(full, deadline);
            return true;
        } catch (IOException e) {
            spool.complain(e);
            return false;
        }
    }

    /** Goes back to the first byte. */
    void rewind() {
        nextInMemory = 0;
        nextInFile = 0;
    }

    /** The next bytes, to be read until the next call; null behind the last. */
    @Nullable
    ByteBuffer next() throws ExchangeException {
        if (nextInMemory < memory.size()) {
            return memory.get(nextInMemory++).rewind();
        }
        return file != null && nextInFile < file.size() ? read(file) : null;
    }

    private ByteBuffer read(SpillFile from) throws ExchangeException {
        ByteBuffer into = window == null ? buffers.roomy() : window.clear();
        window = into;
        try {
            from.read(into, nextInFile, clock.within(Spool.CALL_TIME));
        } catch (IOException e) {
            spool.complain(e);
            throw ExchangeException.of(Fault.INTERNAL, e);
        }
        nextInFile += into.flip().remaining();
        return into;
    }

    /** Forgets all, and gives back what it was in. */
    void release() {
        for (ByteBuffer buffer : memory) {
            buffers.giveBack(buffer);
        }
        memory.clear();
        inMemory = 0;
        if (window != null) {
            buffers.giveBack(window);
            window = null;
        }
        if (file != null) {
            spool.close(file);
            file = null;
        }
    }
}
