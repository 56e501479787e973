// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The CPU time a process and its children have used, and the memory they hold, as Linux tells in /proc. */
final class CpuClock {

    /** The unit of times in /proc, on every architecture a JDK 25 runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    private CpuClock() {}

    /** User and system time of all threads, in microseconds. */
    static double micros(ManagedProcess process) throws IOException {
        double ticks = 0;
        for (ProcessHandle one : process.all()) {
            ticks += ticks(read(one, "stat"));
        }
        return ticks * 1e6 / TICKS_PER_SECOND;
    }

    static double ticks(String stat) {
        if (stat.isEmpty()) {
            return 0;
        }
        // The name, in brackets, may hold blanks and brackets; what follows the last one is split safely.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Double.parseDouble(fields[UTIME]) + Double.parseDouble(fields[STIME]);
    }

    /** The sum of a line such as VmRSS of /proc/PID/status, in MiB. Pages that processes share count for each. */
    static double mebibytes(ManagedProcess process, String line) throws IOException {
        double kibibytes = 0;
        for (ProcessHandle one : process.all()) {
            kibibytes += kibibytes(read(one, "status"), line);
        }
        return kibibytes / 1024;
    }

    static double kibibytes(String status, String line) {
        return status.lines()
                .filter(text -> text.startsWith(line + ":"))
                .mapToDouble(text -> Double.parseDouble(text.replaceAll("\\D", "")))
                .sum();
    }

    /** Empty for a process that ended meanwhile. */
    private static String read(ProcessHandle process, String file) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
