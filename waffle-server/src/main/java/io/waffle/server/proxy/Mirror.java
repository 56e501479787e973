// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.Outcome;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.plugin.FaultLog;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pool that gets copies of requests of a route, or of some of them, and whose answers nobody sees. The request itself never waits for it: where
 * there is no place or no memory for a copy, there is none. What becomes of copies counts for that pool alone.
 *
 * <p>Threading: any thread.
 */
final class Mirror {

    /** Copies at once. */
    static final int MOST = 100;

    /** By which a backend knows a copy. */
    private static final byte[] MARK = "X-Waffle-Mirror: 1\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A copy has so much time, from when all of it is there. */
    private static final Duration TIME = Duration.ofSeconds(30);

    /** So much of an answer is read, for the sake of the connection. */
    private static final long ANSWER = 16L << 20;

    /** What a copy takes of memory besides its bytes: its objects and its thread. */
    private static final int OWN = 8 * 1024;

    private static final System.Logger LOG = System.getLogger(Mirror.class.getName());

    private final Pool pool;
    private final Map<Loop, BackendConnections> connections;
    private final Duration connectTime;
    private final int share;
    private final Spool spool;
    private final FaultLog log;
    private final CopyCounts counts;

    /**
     * For a pool.
     *
     * @param share of the requests, in hundredths of a percent
     * @param counts of what becomes of the copies
     */
    Mirror(Upstream upstream, Map<Loop, BackendConnections> connections, int share, Spool spool, CopyCounts counts) {
        this.counts = counts;
        this.pool = upstream.pool();
        this.connections = connections;
        this.connectTime = upstream.config().timeouts().connect();
        this.share = share;
        this.spool = spool;
        this.log = new FaultLog("mirror to " + upstream.config().name() + ": ", System::nanoTime);
    }

    /** Begins a copy of this request, whose head is there; null if there is to be none, or cannot be. Each is sent or dropped once. */
    @Nullable
    Copy copy(Exchange x, Loop loop, int bodyRoom) {
        if (!counts.isTurn(share)) {
            return null;
        }
        int taken = OWN + 2 * x.request.length() + bodyRoom;
        if (!hasRoom(loop, taken)) {
            counts.hadNoRoom();
            log.warn("a request is not copied: there are too many copies, or no memory", null);
            return null;
        }
        return begin(x, loop, taken);
    }

    private boolean hasRoom(Loop loop, int taken) {
        if (!counts.enter(MOST)) {
            return false;
        }
        boolean has = loop.buffers().memory().tryTake(MemoryBudget.Use.SPARE, taken);
        if (!has) {
            counts.leave();
        }
        return has;
    }

    String pool() {
        return pool.name();
    }

    CopyCounts counts() {
        return counts;
    }

    private @Nullable Copy begin(Exchange x, Loop loop, int taken) {
        Copy copy = null;
        Selection selection = new Selection(x.request);
        try {
            selection.begin(x.clientAddress());
            PooledBackend backend = pool.acquire(selection);
            if (backend != null) {
                selection.beginAttempt(System.nanoTime());
                copy = new Copy(loop, selection, backend, x.request.isHead(), taken);
                copy.head = x.leadsOutOf(backend) ? new byte[0] : x.headFor(backend, MARK);
            }
            return copy;
        } finally {
            if (copy == null) {
                counts.hadNoBackend();
                freed(loop, taken);
            } else if (copy.head.length == 0) {
                counts.hadNoBackend();
                copy.dropUncounted();
            }
        }
    }

    private void freed(Loop loop, int taken) {
        counts.leave();
        loop.buffers().memory().giveBack(taken);
    }

    /** Tells that a body was longer than what is copied. */
    void tooLong() {
        counts.wasTooLong();
        log.warn("a request is not copied: its body is longer than mirror_body", null);
    }

    /** A request that is to be sent there. */
    final class Copy {

        private final Loop loop;
        private final Selection selection;
        private final PooledBackend backend;
        private final boolean isHead;
        private final int taken;
        private byte[] head = {};

        Copy(Loop loop, Selection selection, PooledBackend backend, boolean isHead, int taken) {
            this.loop = loop;
            this.selection = selection;
            this.backend = backend;
            this.isHead = isHead;
            this.taken = taken;
        }

        Mirror mirror() {
            return Mirror.this;
        }

        /** Whether there is nothing to be sent: it was dropped at once. */
        boolean isDropped() {
            return head.length == 0;
        }

        /** It is not sent, since its request has not come to an end. */
        void drop() {
            counts.brokeOff();
            dropUncounted();
        }

        /** It is not sent, for a reason that was counted. */
        void dropUncounted() {
            end(Outcome.Kind.NOT_SENT, 0, 0);
        }

        /** Sends it, by a thread of its own, with this body, framed as the head says. */
        void send(ByteBuffer body) {
            counts.sending();
            loop.run(() -> exchange(body));
        }

        private void exchange(ByteBuffer body) {
            long begun = System.nanoTime();
            Outcome.Kind kind = Fault.INTERNAL.outcome();
            int status = 0;
            try {
                status = new MirrorCall(loop, connections.get(loop), backend, isHead, spool)
                        .ask(head, body, Deadline.in(connectTime), Deadline.in(TIME), ANSWER);
                kind = status >= 500 ? Outcome.Kind.SERVER_ERROR : Outcome.Kind.SUCCESS;
            } catch (ExchangeException e) {
                kind = e.fault().outcome();
                counts.hasFailed();
                backend.complain(e.describe());
            } catch (RuntimeException e) {
                counts.hasFailed();
                LOG.log(System.Logger.Level.DEBUG, "mirror: {0}", e.toString());
            } finally {
                end(kind, status, System.nanoTime() - begun);
            }
        }

        private void end(Outcome.Kind kind, int status, long nanos) {
            pool.release(selection, backend, new Outcome(kind, status, -1, nanos));
            freed(loop, taken);
        }
    }
}
