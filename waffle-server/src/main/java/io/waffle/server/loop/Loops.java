// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/** All the loops: as many as there are cores. A connection, and the backend connections it uses, live on one of them. */
public final class Loops implements AutoCloseable {

    private static final int FEW = 4;

    private static final System.Logger LOG = System.getLogger(Loops.class.getName());

    private final List<Loop> loops;

    private Loops(List<Loop> loops) {
        this.loops = List.copyOf(loops);
    }

    /**
     * Starts this many loops that carry their virtual threads where that can be had; else says what to add, once.
     *
     * @param memory what their buffers are taken from
     */
    public static Loops start(int count, MemoryBudget memory) throws IOException {
        String problem = CarrierAccess.problem();
        if (!problem.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "running on the JDK''s thread scheduler, which costs some speed: add {0}",
                    CarrierAccess.OPENING);
        }
        return start(count, problem.isEmpty(), memory);
    }

    /** Starts them as told, and without a bound to memory. */
    static Loops start(int count, boolean carry) throws IOException {
        return start(count, carry, MemoryBudget.boundless());
    }

    /** Starts them as told. */
    public static Loops start(int count, boolean carry, MemoryBudget memory) throws IOException {
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            loops.add(new Loop("loop-" + i, "loop-" + i + "-connection", carry, memory));
        }
        loops.forEach(Loop::start);
        return new Loops(loops);
    }

    /**
     * Starts one by itself, for what is no connection and has no buffers.
     *
     * @param name also of its virtual threads
     */
    public static Loop single(String name) throws IOException {
        boolean carry = CarrierAccess.problem().isEmpty();
        Loop loop = new Loop(name, name, carry, MemoryBudget.boundless());
        loop.start();
        return loop;
    }

    /** Prepares, on another thread, what makes loops faster that carry their virtual threads: for after the start, which it would hold up. */
    public void quicken() {
        if (CarrierAccess.problem().isEmpty()) {
            SocketCalls.prepare();
        }
    }

    public List<Loop> all() {
        return loops;
    }

    /**
     * The one with the fewest connections; this one if it has only a few more, since handing a connection over costs a wake-up: a twentieth of
     * the CPU where each request has a connection of its own.
     */
    public Loop leastBusy(Loop own) {
        int few = Math.clamp(own.connections() / 4, 1, FEW);
        Loop best = own;
        for (Loop loop : loops) {
            if (loop.connections() < best.connections()) {
                best = loop;
            }
        }
        return own.connections() - best.connections() <= few ? own : best;
    }

    @Override
    public void close() {
        loops.forEach(Loop::close);
    }
}
