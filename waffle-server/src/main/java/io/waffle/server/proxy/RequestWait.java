// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import java.io.IOException;
import java.time.Duration;

/**
 * The wait of one client for its next request, or for the rest of a head that has begun. What little has come of a head is put aside here, so
 * that whoever waits holds neither a buffer nor an {@link Exchange}; and who waits for long rests without a thread.
 *
 * <p>Threading: the client's thread; {@link #giveWay}, {@link #stop} and what only looks, any. Others may see {@link #waitingSince} late: they only choose by it.
 */
final class RequestWait implements HeadWait {

    /** How a wait ended. */
    enum Outcome {
        /** Something has come, or what was put aside is to be answered as it is: its time is over, or it gives way. */
        COMES,
        /** Nothing has come in its time, or others need the place more. */
        OVER,
        /** It may take longer: the thread is better ended, and another started when something comes or the deadline, which is set, passes. */
        RESTS
    }

    /** The most bytes of a head that are put aside. Few heads that come whole are longer, and what is put aside is parsed anew with what follows. */
    private static final int MOST_ASIDE = 1024;

    private static final byte[] NOTHING = {};

    /** An idle client gets this long to send one more request before a stop closes its connection, so that none is lost that is on its way. */
    private static final Duration LAME_DUCK = Duration.ofSeconds(1);

    /** So long a client that has just connected, or has begun a head, is taken to be sending still. */
    private static final long HEAD_ON_ITS_WAY = 2_000_000_000;

    /** So long a thread waits: most clients that go on do so sooner, and a new thread costs as much as a small part of a request. */
    private static final long REST_AFTER = 1_000_000_000;

    private final Proxy proxy;
    private long since;
    private long until;
    private boolean lameDuck;
    private byte[] aside = NOTHING;
    private long headBegan;
    private long waitingSince; // 0 while a request is served

    /** Whether a head is thought to be on its way: one has begun, or the client has connected for it. */
    private boolean headIsDue = true;

    private volatile boolean givesWay;
    private volatile boolean stopped;

    RequestWait(Proxy proxy) {
        this.proxy = proxy;
    }

    /** The client has just connected, or what it asked for was answered. */
    void begin() {
        since = Deadline.now();
        until = since + proxy.timeouts().keepAlive().toNanos();
        lameDuck = false;
        headBegan = 0;
    }

    /** A request was served: the client need not be sending another. */
    void beginAnew() {
        headIsDue = false;
        begin();
    }

    /**
     * Waits for the first byte of a request, or more of a head. What becomes readable may be a part of a TLS record: there is nothing to
     * receive then, and the wait goes on as if it had not come.
     */
    Outcome await(Channel client) throws IOException {
        Outcome outcome = Outcome.OVER;
        headBegan = isInHead() ? headBegan : 0; // or it was an empty line that began
        waitingSince = isInHead() ? headBegan : since;
        try {
            outcome = client.isReadable() ? Outcome.COMES : awaitBytes(client);
            client.passIfSpent(); // by records without data
            return outcome;
        } finally {
            if (outcome != Outcome.RESTS) {
                waitingSince = 0;
            }
        }
    }

    private Outcome awaitBytes(Channel client) throws IOException {
        long rest = since + REST_AFTER;
        try {
            while (!client.isReadable()) {
                if (givesWay) {
                    return over();
                }
                heedStop();
                client.deadline(Math.min(end(), rest));
                client.await(Channel.READ);
            }
            return Outcome.COMES;
        } catch (DeadlineException e) {
            if (Deadline.passed(end())) {
                return over();
            }
            client.deadline(end());
            return Outcome.RESTS;
        } catch (IOException e) {
            if (!isInHead()) {
                throw e;
            }
            return Outcome.COMES; // closed by a stop: who goes on with the head finds that, and tells of it
        }
    }

    /** A head that has begun is answered for. */
    private Outcome over() {
        return isInHead() ? Outcome.COMES : Outcome.OVER;
    }

    /** Whether there is a stop that this has not heeded yet. */
    boolean misses(boolean stop) {
        return stop && !lameDuck;
    }

    private void heedStop() {
        if (misses(proxy.isDraining())) {
            lameDuck = true;
            until = Deadline.in(LAME_DUCK);
        }
    }

    /** All of a head has so much time, and the longer it takes the more must have come (limits.min_head_rate). */
    private long end() {
        return isInHead() ? headBegan + proxy.headTime(aside.length) : until;
    }

    /** Whether something of a head has come and was put aside. */
    private boolean isInHead() {
        return aside.length > 0;
    }

    /** Hands over what was put aside: the head goes on behind it. */
    byte[] takeAside() {
        byte[] taken = aside;
        aside = NOTHING;
        return taken;
    }

    /** Puts aside what has come of a head, if that is little and the rest may still come; false if it is to be served as it is. */
    boolean putsAside(Exchange x) {
        if (x.client.headReceived() > MOST_ASIDE || !x.client.isPartOfHead() || givesWay || x.client.inputEnded()) {
            return false;
        }
        if (Deadline.passed(headBegins() + proxy.headTime(x.client.headReceived()))) {
            return false;
        }
        aside = x.client.copyOfHead();
        return true;
    }

    @Override
    public long headBegins() {
        headIsDue = true;
        headBegan = headBegan == 0 ? Deadline.now() : headBegan;
        waitingSince = headBegan;
        return headBegan;
    }

    @Override
    public void headEnds() {
        waitingSince = 0;
        headBegan = 0;
        headIsDue = false;
    }

    @Override
    public boolean givesWay() {
        return givesWay;
    }

    /** Since when it waits for a request, or the rest of its head; 0 if it does not. */
    long waitingSince() {
        return waitingSince;
    }

    /** Whether it waits, and not for the rest of a head that may still be on its way. */
    boolean mayGiveWay(long now) {
        long from = waitingSince;
        return from != 0 && !givesWay && (!headIsDue || now - from > HEAD_ON_ITS_WAY);
    }

    @Override
    public boolean isStopped() {
        return stopped;
    }

    /** The connection is closed by a stop that would wait no longer. */
    void stop() {
        stopped = true;
    }

    /** Ends the wait under way, or the next. */
    void giveWay() {
        givesWay = true;
    }
}
