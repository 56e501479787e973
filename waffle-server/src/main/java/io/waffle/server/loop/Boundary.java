// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.lang.System.Logger.Level;

/**
 * The one boundary of a thread that serves all the time: whatever a turn of its work throws is logged, errors too, and the thread goes on with
 * the next turn. A thread that ended for it would be missed by nobody until it is needed.
 */
public final class Boundary {

    private static final System.Logger LOG = System.getLogger("waffle");

    private Boundary() {}

    /** What a thread does once in a while. */
    @FunctionalInterface
    public interface Turn {
        void run() throws Exception;
    }

    /**
     * Does this one turn.
     *
     * @param what whose turn it is, for the log
     * @throws InterruptedException if the turn was interrupted: that is how such a thread is ended
     */
    public static void around(String what, Turn turn) throws InterruptedException {
        try {
            turn.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable fault) {
            report(what, fault);
        }
    }

    private static void report(String what, Throwable fault) {
        try {
            LOG.log(Level.ERROR, what + ": internal error; it goes on: " + fault, fault);
        } catch (Throwable another) {
            // nothing is left to say it with; the next turn may have more memory
        }
    }
}
