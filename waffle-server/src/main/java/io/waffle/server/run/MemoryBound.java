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
    private static final long OWN_NATIVE = 72 * MIB;

    /** Below this nothing can be served. */
    private static final long LEAST = 4 * MIB;

    private MemoryBound() {}

    /** What this process has. */
    static long ofProcess() {
        long heap = Runtime.getRuntime().maxMemory();
        return of(heap, directMemory(heap), machine());
    }

    /**
     * The bound for a heap, a bound to direct memory and a container or machine of these sizes. A quarter of the heap stays free for what the
     * collector has not come by yet.
     */
    static long of(long heap, long direct, long machine) {
        long objects = (heap - OWN_HEAP) / 4 * 3;
        long buffers = Math.min(direct - MIB, machine - heap - OWN_NATIVE);
        return Math.max(Math.min(objects, buffers), LEAST);
    }

    /** {@code -XX:MaxDirectMemorySize}, which is as much as the heap unless it is given. */
    private static long directMemory(long heap) {
        HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long given = Long.parseLong(flags.getVMOption("MaxDirectMemorySize").getValue());
        return given > 0 ? given : heap;
    }

    /** Of the container, if there is one, else of the machine. */
    private static long machine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : Long.MAX_VALUE;
    }
}
