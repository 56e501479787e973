// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryBoundTest {

    private static final long MIB = 1024 * 1024;

    @Test
    void onAMachineWithPlentyTheHeapBounds() {
        assertEquals(768 * MIB, MemoryBound.of(1036 * MIB, 1036 * MIB, 16_384 * MIB - MemoryBound.OWN_NATIVE));
    }

    @Test
    void directMemoryBoundsWhereItIsLess() {
        assertEquals(100 * MIB, MemoryBound.of(1036 * MIB, 101 * MIB, 16_384 * MIB - MemoryBound.OWN_NATIVE));
    }

    @Test
    void whatAContainerLeavesBesideTheHeapBounds() {
        assertEquals(183 * MIB, MemoryBound.of(256 * MIB, 256 * MIB, 512 * MIB - MemoryBound.OWN_NATIVE));
        assertEquals(56 * MIB, MemoryBound.of(384 * MIB, 384 * MIB, 512 * MIB - MemoryBound.OWN_NATIVE));
    }

    @Test
    void aLittleIsLeftHoweverSmallItIs() {
        assertEquals(4 * MIB, MemoryBound.of(24 * MIB, 24 * MIB, 64 * MIB - MemoryBound.OWN_NATIVE));
    }

    @Test
    void withoutTheOptimizingCompilerThereIsMore() {
        assertEquals(8 * MIB, MemoryBound.of(24 * MIB, 24 * MIB, 64 * MIB - MemoryBound.OWN_NATIVE_OF_LITTLE));
    }

    @Test
    void ofThisProcessItIsWithinTheHeap() {
        long bound = MemoryBound.ofProcess();

        assertTrue(4 * MIB <= bound && bound <= Runtime.getRuntime().maxMemory(), () -> "bound: " + bound);
    }
}
