// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread with one selector, which is also the carrier of the virtual threads whose channels it watches: the selector finds a
 * channel ready, and the same thread runs the continuation that waited for it, on the same core, with no hand-over.
 *
 * <p>Where a carrier cannot be chosen ({@link CarrierAccess}), the virtual threads run on the JDK's scheduler and the loop only wakes them.
 * So nothing of a connection may rely on being alone on its loop.
 */
public final class Loop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    /** So many threads have their turn, with all that they may cost, before the selector is looked at again. */
    private static final int MOST_TURNS = 128;

    private static final long MOST_COST = 8L * Turn.BUDGET;

    private final Selector selector;
    private final Buffers buffers;
    private final AtomicInteger connections = new AtomicInteger();
    private final boolean carries;
    private final String threadName;
    private final Turn turn = new Turn();
    private final Wheel wheel = new Wheel(this::wakeIfAsleep, Deadline.now());
    private final Thread thread;

    private @Nullable SocketCalls calls;
    private final ArrayDeque<LoopThread> mine = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<LoopThread> others = new ConcurrentLinkedQueue<>();

    /** Whose turn it is, or was last. */
    private @Nullable Thread current;

    private final Consumer<SelectionKey> onReady = Loop::ready;
    private volatile boolean asleep;
    private volatile boolean closed;
    private volatile long rounds;

    /** @param threadName what its virtual threads are called */
    Loop(String name, String threadName, boolean carries, MemoryBudget memory) throws IOException {
        this.buffers = new Buffers(memory);
        this.selector = Selector.open();
        this.carries = carries;
        this.threadName = threadName;
        this.thread = new Carrier(name, this::run);
    }

    /** Whether it is the thread of a loop, without which its connections and its share of the new ones wait for ever. */
    public static boolean isCarrier(Thread thread) {
        return thread instanceof Carrier;
    }

    private static final class Carrier extends Thread {

        Carrier(String name, Runnable task) {
            super(task, name);
            setDaemon(true);
        }
    }

    void start() {
        thread.start();
    }

    /** Runs the task on a virtual thread of this loop. */
    public Thread run(Runnable task) {
        return carries
                ? new LoopThread(this, threadName, task).start()
                : Thread.ofVirtual().name(threadName).start(task);
    }

    /** Has this done on the loop's thread whenever the alarm goes off, so it must be quick; the alarm is not set yet. */
    public Alarm alarm(Runnable action) {
        return new Alarm(wheel, action);
    }

    /** From now on it counts one connection more, whether that has a thread or not. */
    public void connectionBegins() {
        connections.incrementAndGet();
    }

    /** One has ended that {@linkplain #connectionBegins was counted}. */
    public void connectionEnds() {
        connections.decrementAndGet();
    }

    /** How many connections it serves. */
    public int connections() {
        return connections.get();
    }

    /** The turn under way, for the thread whose it is. */
    public Turn turn() {
        return turn;
    }

    /** The host's calls for sockets of this loop; null for any other than the loop's own virtual threads, and as long as they cannot be had. */
    @Nullable
    @SuppressWarnings("ReferenceEquality")
    SocketCalls calls() {
        if (Thread.currentThread() != current) {
            return null; // only threads of this loop are ever the current one, so another sees itself here in no race
        }
        if (calls == null && carries && SocketCalls.usable()) {
            calls = new SocketCalls();
        }
        return calls;
    }

    /** The buffers its connections borrow. */
    public Buffers buffers() {
        return buffers;
    }

    /** One of its virtual threads can go on. Any thread. */
    void execute(LoopThread runnable) {
        if (Thread.currentThread() == thread) {
            mine.add(runnable);
        } else {
            others.add(runnable);
            wakeIfAsleep();
        }
    }

    SocketWatch register(SelectableChannel socket, int ops) throws IOException {
        SocketWatch watch = new SocketWatch(this, socket.register(selector, 0), wheel);
        watch.interest(ops);
        return watch;
    }

    /** Waits until the selector has looked at all its keys again: what was closed before has then given its descriptor back. */
    public void settle() {
        long settled = rounds + 2; // the one under way may have looked already
        while (rounds < settled && !closed) {
            wakeIfAsleep();
            pass();
        }
    }

    /** Lets the others on this loop, threads and channels, have their turn before the calling thread goes on. */
    @SuppressWarnings("ThreadPriorityCheck") // the loop is the scheduler, so this is no mere hint
    public void pass() {
        Thread.yield();
        turn.begin();
    }

    /** Marks this moment for {@link #hasLookedSince}. */
    public long mark() {
        return rounds;
    }

    /** Whether the selector has looked at all its keys since that moment, so that it knows what had arrived by then, and maybe more. */
    public boolean hasLookedSince(long mark) {
        return rounds - mark >= (carries ? 1 : 2); // a round that was under way may have looked before
    }

    /** The selector has to look at its keys again. Any thread. */
    void interestChanged() {
        if (!carries) {
            wakeIfAsleep();
        }
    }

    void wakeIfAsleep() {
        if (asleep) {
            selector.wakeup();
        }
    }

    private void run() {
        wheel.advance(Deadline.now());
        for (long round = 1; !closed; round++) {
            try {
                runContinuations();
                poll();
                rounds = round;
                wheel.advance(Deadline.now());
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "event loop: " + e, e);
            }
        }
    }

    /** One round at most, and a short one, so that channels get their turn. */
    private void runContinuations() {
        for (LoopThread next; (next = others.poll()) != null; ) {
            mine.add(next);
        }
        long cost = 0;
        for (int n = Math.min(mine.size(), MOST_TURNS); n > 0 && cost < MOST_COST; n--) {
            turn.begin();
            LoopThread next = mine.remove();
            current = next.thread();
            next.run();
            cost += turn.cost();
        }
    }

    private void poll() throws IOException {
        if (!mine.isEmpty()) {
            selector.selectNow(onReady);
            return;
        }
        asleep = true;
        try {
            if (others.isEmpty() && !closed) {
                selector.select(onReady, wheel.sleepMillis());
                return;
            }
        } finally {
            asleep = false;
        }
        selector.selectNow(onReady); // a thread that yields again and again must not keep the channels from their turn
    }

    private static void ready(SelectionKey key) {
        @Nullable Object watch = key.attachment();
        try {
            if (watch != null) {
                ((SocketWatch) watch).ready();
            }
        } catch (CancelledKeyException e) {
            // closed by another thread at this moment, which has woken whoever waited
        }
    }

    /** Ends the loop. Connections still on it are not run any more. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a selector: {0}", e.toString());
        }
    }
}
