// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

/**
 * Turns single probes into a state that does not flap: it flips only after some probes in a row said the opposite.
 *
 * <p>Threading: one thread, that of the checks of its backend.
 */
final class Streak {

    /** Probes in a row that bring a backend back. */
    static final int RISE = 2;

    /** Probes in a row that take a backend out. */
    static final int FALL = 3;

    private boolean up;
    private int against;

    /** Begins with what is held of the backend now. */
    Streak(boolean up) {
        this.up = up;
    }

    /** Takes a probe into account; returns whether the state flipped with it. */
    boolean flips(boolean ok) {
        if (ok == up) {
            against = 0;
            return false;
        }
        against++;
        if (against < (up ? FALL : RISE)) {
            return false;
        }
        up = ok;
        against = 0;
        return true;
    }

    boolean isUp() {
        return up;
    }
}
