// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.ResponseHead;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.pool.IdleStack;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a backend: in use by one exchange, or idle on the stack of its backend and loop. While it is idle, a byte, an end or an
 * error that arrives closes it at once; so does its deadline.
 */
final class BackendConnection implements IdleStack.Connection, Runnable {

    /** What comes so soon behind an answer belongs to it, be it a body or the end; later it may be a word of farewell, such as a 408. */
    private static final long SOON = 1_000_000_000;

    private final PooledBackend backend;
    private final Channel channel;
    private final long end;

    private long laidDown;
    private long soon;
    private boolean suspect;

    /** Where it lies, or lay last. */
    private volatile @Nullable IdleStack<BackendConnection> stack;

    /**
     * @param end when it has lived long enough
     */
    BackendConnection(PooledBackend backend, Channel channel, long end) {
        this.backend = backend;
        this.channel = channel;
        this.end = end;
    }

    PooledBackend backend() {
        return backend;
    }

    Channel channel() {
        return channel;
    }

    /**
     * Takes it back into use; false if it has come to its end meanwhile, or if something has arrived on it that nobody asked for, which the next
     * client would take for its response. What has arrived by now is known: the selector has looked since it was laid down, or it is read once.
     *
     * @param looks whether it is read in any case, for a request that is better not sent in vain
     * @param scratch for bytes that should not be there
     */
    boolean wake(boolean looks, ByteBuffer scratch) {
        channel.unattended(null);
        channel.deadline(Deadline.NONE);
        if (!channel.isOpen()) {
            return false;
        }
        return (!looks && needsNoLook()) || isQuiet(scratch);
    }

    /** Whether the selector has told what there is to know. */
    boolean needsNoLook() {
        return !suspect && channel.loop().hasLookedSince(laidDown) && !channel.isReadable();
    }

    /**
     * Looks once more, right before a request is sent: what came since {@link #wake} came before it, too. Only behind an answer without a body is
     * that worth a read: a backend that sends one all the same does so within moments, and so may the next request come.
     *
     * @param scratch as there
     * @return false if it cannot be used
     */
    boolean isStillQuiet(ByteBuffer scratch) {
        return !suspect || isQuiet(scratch);
    }

    private boolean isQuiet(ByteBuffer scratch) {
        boolean quiet = false;
        try {
            quiet = channel.isQuiet(scratch);
        } catch (IOException e) {
            scratch.clear(); // it is over
        }
        if (!quiet && Deadline.now() < soon) {
            note(scratch.position() > 0);
        }
        return quiet;
    }

    /** What a backend does so soon it may do again. */
    private void note(boolean surplus) {
        if (!surplus) {
            backend.habits().noteClosing();
        } else if (suspect) {
            backend.habits().noteSurplus();
        }
    }

    /**
     * Lays it down for so long, or until it has lived long enough, its last response having ended where its framing said; or closes it.
     *
     * @param last the response that has ended
     * @param withoutBody whether it had no body: a backend that sends one all the same does so a moment later, so it is looked at once more
     * @param scratch for bytes that should not be there
     */
    void rest(
            IdleStack<BackendConnection> on,
            Duration keepAlive,
            ResponseHead last,
            boolean withoutBody,
            ByteBuffer scratch) {
        int hint = last.keepAliveSeconds();
        long now = Deadline.now();
        suspect = withoutBody;
        soon = now + SOON;
        if (now >= end
                || hint == 0
                || hasMore(scratch)
                || (suspect && backend.habits().sendsSurplus())) {
            close();
            return;
        }
        stack = on;
        laidDown = channel.loop().mark();
        long time = hint < 0 ? keepAlive.toNanos() : Math.min(keepAlive.toNanos(), Lifetime.within(hint));
        channel.deadline(Math.min(now + time, end));
        if (on.push(this)) {
            channel.unattended(this);
        } else {
            close();
        }
    }

    /** A byte behind the response, or its end: either way it cannot be used again. */
    private boolean hasMore(ByteBuffer scratch) {
        return channel.isReadable() && !isQuiet(scratch);
    }

    /** What the loop does if anything happens to it while it is idle. */
    @Override
    public void run() {
        IdleStack<BackendConnection> on = stack;
        if (on != null && on.remove(this)) {
            if (channel.isReadable() && !isKnown()) {
                isQuiet(ByteBuffer.allocateDirect(1));
            }
            close();
        }
    }

    /** Whether what may have arrived is nothing new. */
    private boolean isKnown() {
        return suspect ? backend.habits().sendsSurplus() : backend.habits().closes();
    }

    @Override
    public void close() {
        channel.close();
    }
}
