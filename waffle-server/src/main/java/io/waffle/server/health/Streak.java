// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

/**
 * Turns single probes into a state that does not flap: it flips only after some probes in a row said the opposite.
 *
 * <p>Threading: one thread, that of the checks of its backend.
 */
final class Streak {

    private final int rise;
    private final int fall;
    private boolean up;
    private int against;

    /**
     * Begins with what is held of the backend now.
     *
     * @param rise probes in a row that bring a backend back
     * @param fall probes in a row that take a backend out
     */
    Streak(boolean up, int rise, int fall) {
        this.up = up;
        this.rise = rise;
        this.fall = fall;
    }

    /** Takes a probe into account; returns whether the state flipped with it. */
    boolean flips(boolean ok) {
        if (ok == up) {
            against = 0;
            return false;
        }
        against++;
        if (against < (up ? fall : rise)) {
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
