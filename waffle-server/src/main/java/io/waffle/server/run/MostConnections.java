// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import com.sun.management.UnixOperatingSystemMXBean;
import io.waffle.server.config.LimitsConfig;
import java.lang.management.ManagementFactory;

/** How many clients may be connected at once. */
final class MostConnections {

    /** Descriptors for everything that is not a connection: jars, the selectors, logs. */
    private static final int OTHER_FILES = 128;

    private MostConnections() {}

    /** What was configured, or as many as the file limit of the process allows, when each client may need a backend connection. */
    static int of(LimitsConfig limits) {
        if (limits.connections() > 0) {
            return limits.connections();
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            long each = (os.getMaxFileDescriptorCount() - OTHER_FILES) / 2;
            return Math.clamp(each, 16, 1_000_000);
        }
        return 10_000;
    }
}
