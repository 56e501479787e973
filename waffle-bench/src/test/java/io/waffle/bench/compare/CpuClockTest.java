// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CpuClockTest {

    @Test
    void timesAreUserAndSystemEvenIfTheNameHoldsBlanksAndBrackets() {
        String stat = "4711 (nginx: (a) b) S 1 4711 4711 0 -1 4194560 400 0 0 0 123 45 7 8 20 0 1 0 99 1 2 3";
        assertEquals(168, CpuClock.ticks(stat));
        assertEquals(0, CpuClock.ticks(""));
    }

    @Test
    void memoryIsTheLineOfThatName() {
        String status = "Name:\tnginx\nVmPeak:\t  99999 kB\nVmHWM:\t    4096 kB\nVmRSS:\t    2048 kB\n";
        assertEquals(2048, CpuClock.kibibytes(status, "VmRSS"));
        assertEquals(0, CpuClock.kibibytes("", "VmRSS"));
    }
}
