// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

/**
 * Turns single checks into a state that does not flap: only some in a row that say the same count.
 *
 * <p>Threading: one thread, that of the checks of its backend.
 */
final class Streak {

    private final int rise;
    private final int fall;
    private int passed;
    private int failed;
    private int since;

    /**
     * @param rise checks in a row that bring a backend back
     * @param fall checks in a row that take a backend out
     */
    Streak(int rise, int fall) {
        this.rise = rise;
        this.fall = fall;
    }

    /**
     * A check has passed. Only those count together that began since the backend stands as it does: what passed before it was ejected says nothing
     * of how it is now.
     *
     * @param changes how often that had changed when the check began
     */
    void pass(int changes) {
        passed = changes == since ? passed + 1 : 1;
        since = changes;
        failed = 0;
    }

    void fail() {
        failed++;
        passed = 0;
    }

    /** Whether enough in a row have passed. */
    boolean rises() {
        return passed >= rise;
    }

    /** Whether enough in a row have failed. */
    boolean falls() {
        return failed >= fall;
    }
}
