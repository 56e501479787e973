// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much memory traffic may take where nothing is configured. Connections and what else is an object must fit the heap, buffers must fit what
 * is left beside it, and nobody knows beforehand which of both the traffic will want: so the bound is what either holds.
 */
final class MemoryBound {

    private static final long MIB = 1024 * 1024;

    /** What the code and the runtime themselves take of the heap. */
    private static final long OWN_HEAP = 12 * MIB;

    /** And what they take outside it: code, classes, stacks, what the collector keeps. */
    static final long OWN_NATIVE = 72 * MIB;

    /** The same where the compiler that optimizes most is left out, as the launcher does it in a small container. */
    static final long OWN_NATIVE_OF_LITTLE = 32 * MIB;

    private static final int OPTIMIZING = 4;

    /** Below this nothing can be served. */
    private static final long LEAST = 4 * MIB;

    private MemoryBound() {}

    /** What this process has. */
    static long ofProcess() {
        long heap = Runtime.getRuntime().maxMemory();
        long direct = given("MaxDirectMemorySize");
        long own = given("TieredStopAtLevel") < OPTIMIZING ? OWN_NATIVE_OF_LITTLE : OWN_NATIVE;
        return of(
                heap,
                direct > 0 ? direct : heap,
                machine() - own); // direct memory is as much as the heap unless it is given
    }

    /**
     * The bound for a heap, a bound to direct memory and a container or machine of these sizes, the last without what the runtime takes itself. A quarter of the heap stays free for what the
     * collector has not come by yet.
     */
    static long of(long heap, long direct, long left) {
        long objects = (heap - OWN_HEAP) / 4 * 3;
        long buffers = Math.min(direct - MIB, left - heap);
        return Math.max(Math.min(objects, buffers), LEAST);
    }

    private static long given(String flag) {
        HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return Long.parseLong(flags.getVMOption(flag).getValue());
    }

    /** Of the container, if there is one, else of the machine. */
    private static long machine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : Long.MAX_VALUE;
    }
}
