// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The loop of look-ups: one thread that carries all of them, so that one that goes on wakes no thread, with the ports that answers come to and
 * the timers of names. No connection is on it. It is there from the first name on, for good.
 *
 * <p>Threading: any thread.
 */
final class LookUps {

    private static @Nullable Loop started;

    private LookUps() {}

    static synchronized Loop loop() {
        Loop known = started;
        if (known == null) {
            try {
                known = Loops.single("look-ups");
            } catch (IOException e) {
                throw new UncheckedIOException("names cannot be looked up", e);
            }
            started = known;
        }
        return known;
    }
}
