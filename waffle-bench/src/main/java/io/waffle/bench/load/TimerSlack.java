// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How late Linux may wake a thread that sleeps: by 50 us, which it would be told as the latency of whatever is measured. */
final class TimerSlack {

    private TimerSlack() {}

    /** Has the calling thread be woken on time from now on; without effect where that cannot be asked for. */
    static void minimize() {
        try {
            Path thread = Path.of("/proc/thread-self").toRealPath().getFileName();
            Files.writeString(Path.of("/proc/" + thread + "/timerslack_ns"), "1");
        } catch (IOException e) {
            // Not Linux, or not allowed: all are measured alike.
        }
    }
}
