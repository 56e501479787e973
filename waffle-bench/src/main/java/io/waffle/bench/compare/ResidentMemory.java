// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM holds of the machine's memory right after a full collection, in KiB. Pages of its heap stay resident when what was in them is gone,
 * so what is live there is told apart from the rest.
 *
 * @param resident all, as VmRSS of /proc/PID/status
 * @param liveHeap objects that are in use
 * @param besideHeap resident pages of anything but the heap
 */
record ResidentMemory(double resident, double liveHeap, double besideHeap) {

    /** {@code total 28672K, used 5120K [0x00000000c0000000, ...}: a generation, of which there are two. */
    private static final Pattern GENERATION =
            Pattern.compile("used (\\d+)K\\s*\\[0x([0-9a-f]+), 0x[0-9a-f]+, 0x([0-9a-f]+)\\)");

    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");

    static ResidentMemory of(ManagedProcess jvm) throws IOException, InterruptedException {
        String pid = Long.toString(jvm.pid());
        jcmd(pid, "GC.run");
        long from = Long.MAX_VALUE;
        long to = 0;
        double live = 0;
        Matcher generation = GENERATION.matcher(heap(jcmd(pid, "GC.heap_info")));
        while (generation.find()) {
            live += Double.parseDouble(generation.group(1));
            from = Math.min(from, Long.parseLong(generation.group(2), 16));
            to = Math.max(to, Long.parseLong(generation.group(3), 16));
        }
        double resident = CpuClock.mebibytes(jvm, "VmRSS") * 1024;
        return new ResidentMemory(resident, live, resident - resident(pid, from, to));
    }

    /** Without the lines of what is no part of the heap. */
    private static String heap(String info) {
        return info.lines()
                .filter(line -> line.startsWith("DefNew") || line.startsWith("Tenured"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    private static double resident(String pid, long from, long to) throws IOException {
        boolean inside = false;
        double sum = 0;
        for (String line : Files.readAllLines(Path.of("/proc", pid, "smaps"))) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                long start = Long.parseUnsignedLong(mapping.group(1), 16);
                inside = Long.compareUnsigned(start, from) >= 0 && Long.compareUnsigned(start, to) < 0;
            } else if (inside && line.startsWith("Rss:")) {
                sum += Double.parseDouble(line.replaceAll("\\D", ""));
            }
        }
        return sum;
    }

    private static String jcmd(String pid, String command) throws IOException, InterruptedException {
        return Commands.run(List.of(Commands.java("jcmd"), pid, command));
    }
}
