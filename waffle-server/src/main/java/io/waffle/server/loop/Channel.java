// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose reads and writes never block a carrier. The {@code try} methods do what can be done now; {@link #await} parks the
 * virtual thread until more can be done. One thread can wait for two channels at once ({@link #awaitAny}).
 *
 * <p>Threading: used by one virtual thread at a time, started by the channel's {@link Loop}. {@link #close()} may be called by any thread.
 */
public abstract class Channel implements Closeable {

    /** Wait until a read may give something: bytes, the end, or an error. */
    public static final int READ = SelectionKey.OP_READ;

    /** Wait until a write may take something. */
    public static final int WRITE = SelectionKey.OP_WRITE;

    private @Nullable Bystander bystander;

    /** Written only for streams whose end says something; read by whoever closes. */
    private volatile boolean cutShort;

    /** Reads what is there: the number of bytes, 0 if there is nothing now, -1 at the end of the stream. */
    public abstract int tryRead(ByteBuffer into) throws IOException;

    /** Takes over what can be taken now, and returns how many bytes that were. What was taken is sent without further asking. */
    public abstract int tryWrite(ByteBuffer from) throws IOException;

    /** As {@link #tryWrite(ByteBuffer)}, from several buffers in one go. */
    public abstract long tryWrite(ByteBuffer[] from, int offset, int length) throws IOException;

    /** Sends on what was taken over but has not left yet; true if nothing of that is left. */
    public abstract boolean tryFlush() throws IOException;

    /**
     * Says to the peer that no more will come, behind all that was taken over; reading goes on. Never blocks: what finds no room at the
     * socket leaves by {@link #tryFlush}, and any wait.
     */
    public abstract void shutdownOutput() throws IOException;

    /** Closes so that the peer is told of an abnormal end (a TCP reset) rather than of a proper one. */
    public abstract void abort();

    /**
     * Says to the peer's host that no more comes, behind all that has left, but not that this was all of it: over TLS there is no goodbye. For
     * a stream that is broken off where its framing tells so; reading goes on.
     */
    public abstract void breakOff() throws IOException;

    /**
     * Whether the end of what is sent now is a message of its own, as where a response has no other end: until it is {@linkplain #finish
     * finished}, a {@link #close} is an {@link #abort}, whoever calls it for whatever reason, or what is missing would be taken for never meant.
     */
    public final void endIsMessage(boolean is) {
        cutShort = is;
    }

    /** Whether a close would be taken for what it is not. */
    protected final boolean isCutShort() {
        return cutShort;
    }

    /**
     * Whether the peer's host has got all that has left, or never will, so that a reset takes nothing of it away. False where this host does
     * not tell.
     */
    public final boolean hasArrived() {
        return socket().isSettled();
    }

    /**
     * Closes. What was taken over and has not left is lost ({@link #finish} sees it leave). Never blocks and never throws. May be called by
     * any thread, more than once.
     */
    @Override
    public abstract void close();

    public abstract boolean isOpen();

    /** The socket below. */
    protected abstract PlainChannel socket();

    /** What to wait for at the socket, so that these can go on here. */
    protected abstract int socketOps(int ops);

    /** Whether a try for these may do something at once, without a wait. */
    protected abstract boolean isReady(int ops);

    /** Wakes whoever waits for this channel, now or next, so that it looks around again. May be called by any thread. */
    public final void poke() {
        socket().watch().poke();
    }

    /** Whether bytes, or the end, are thought to have arrived. */
    public final boolean isReadable() {
        return isReady(READ);
    }

    /**
     * Reads once, whatever the selector knows, and says whether nothing has arrived: neither bytes of the peer nor the end. What has is lost.
     *
     * @param scratch for what has
     */
    public final boolean isQuiet(ByteBuffer scratch) throws IOException {
        socket().watch().readable(true);
        return tryRead(scratch.clear()) == 0;
    }

    /** A wait for this channel fails with {@link DeadlineException} once this point in time has passed (about 0.1 s late at most). */
    public final void deadline(long at) {
        socket().watch().deadline(at);
    }

    /** The loop this channel lives on. */
    public final Loop loop() {
        return socket().watch().loop();
    }

    /**
     * What the loop does, on its own thread, when bytes or the end arrive, or the deadline passes, while nobody waits. Done once at most;
     * null to do nothing. It must be quick.
     */
    public final void unattended(@Nullable Runnable action) {
        socket().watch().unattended(action);
    }

    /** Whether the calling thread has had its turn: what it repeats without waiting, it leaves for the next one. */
    public final boolean isTurnSpent() {
        return loop().turn().isSpent();
    }

    /** Lets the others on the loop have their turn, if the calling thread has had its own. */
    public final void passIfSpent() {
        if (isTurnSpent()) {
            loop().pass();
        }
    }

    /**
     * Somebody whose doings matter to the thread that waits for a channel: he is waited for at the same time.
     *
     * <p>Threading: called by the thread that waits.
     */
    public interface Bystander {

        Channel channel();

        /** What to wait for there; 0 for nothing. */
        int ops();

        /** When to {@link #look} though nothing happens. */
        long lookAt();

        /** Something may have happened. What this throws ends the wait. */
        void look() throws IOException;
    }

    /** Who is to be watched in every wait for this channel; null for nobody. */
    public final void bystander(@Nullable Bystander who) {
        bystander = who;
    }

    /** Whether the host knows that the connection is over both ways, say by a reset. No byte is read or sent to find out. */
    public final boolean isDead() {
        return socket().isClosedByHost();
    }

    /** From now on the host asks the peer's now and then, by probes of TCP, whether it is still there: the connection may be silent for long. */
    public final void keepAlive() {
        socket().probePeer();
    }

    /**
     * Parks until these (a set of {@link #READ} and {@link #WRITE}) may succeed. Wakes without a reason at times. If they may at once, it only
     * lets the others go first whose turn it is.
     */
    public final void await(int ops) throws IOException {
        if (isReady(ops)) {
            passIfSpent();
            return;
        }
        if (bystander != null) {
            awaitBeside(ops, bystander);
            return;
        }
        socket().watch().arm(socketOps(ops));
        awaitFired();
    }

    private void awaitBeside(int ops, Bystander who) throws IOException {
        Channel other = who.channel();
        other.deadline(who.lookAt());
        try {
            awaitAny(this, ops, other, who.ops());
        } catch (DeadlineException e) {
            if (e.of(this)) {
                throw e;
            }
        } finally {
            other.deadline(Deadline.NONE);
        }
        who.look();
    }

    /** Parks until the armed watch has fired. */
    final void awaitFired() throws IOException {
        socket().watch().awaitFired();
        checkDeadline();
    }

    /** Parks until either channel may do what is waited for there; 0 waits only for the deadline of that one. */
    public static void awaitAny(Channel a, int opsA, Channel b, int opsB) throws IOException {
        if (a.isReady(opsA) || b.isReady(opsB)) {
            a.passIfSpent();
            return;
        }
        Watch watchA = a.socket().watch();
        Watch watchB = b.socket().watch();
        watchA.arm(a.socketOps(opsA));
        watchB.arm(b.socketOps(opsB));
        while (!watchA.fired() && !watchB.fired()) {
            watchA.park();
        }
        watchA.disarm();
        watchB.disarm();
        a.checkDeadline();
        b.checkDeadline();
    }

    /** Reads at least one byte, waiting for it; -1 at the end of the stream. */
    public final int read(ByteBuffer into) throws IOException {
        while (true) {
            int n = tryRead(into);
            if (n != 0) {
                return n;
            }
            await(READ);
        }
    }

    /** Writes all of it, waiting as needed, and sees it leave. */
    public final void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            if (tryWrite(from) == 0) {
                await(WRITE);
            }
        }
        flush();
    }

    /** Waits until all that was taken over has left. */
    public final void flush() throws IOException {
        while (!tryFlush()) {
            await(WRITE);
        }
    }

    /**
     * Sees all that was taken over leave, and behind it whatever tells the peer that this was all of it, so that a {@link #close} loses
     * nothing. Waits, for as long as the deadline lets it.
     */
    public void finish() throws IOException {
        flush();
        finished();
    }

    /** From now on a close is what it says. */
    protected final void finished() {
        if (cutShort) {
            cutShort = false;
        }
    }

    private void checkDeadline() throws DeadlineException {
        if (Deadline.passed(socket().watch().deadline())) {
            throw new DeadlineException(this);
        }
    }
}
