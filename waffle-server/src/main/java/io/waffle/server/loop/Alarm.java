// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

/**
 * Goes off when its time has come: for what waits long, and needs no thread while it does.
 *
 * <p>Threading: set by one thread at a time; ended by any. One that is set while it goes off goes off once.
 */
public final class Alarm extends Wheel.Timer {

    private final Runnable action;

    Alarm(Wheel wheel, Runnable action) {
        super(wheel);
        this.action = action;
    }

    /** Goes off then, once, a tenth of a second late at most; not when it was to go off before. */
    public void at(long deadline) {
        deadline(deadline);
    }

    /** Does not go off any more, however it is set. */
    public void end() {
        cancel();
    }

    @Override
    void expired() {
        deadline(Deadline.NONE);
        action.run();
    }
}
