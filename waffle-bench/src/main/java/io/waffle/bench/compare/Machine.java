// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the figures were measured on. */
final class Machine {

    private Machine() {}

    static Map<String, String> describe() throws IOException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put(
                "CPU",
                field("/proc/cpuinfo", "model name") + ", family " + field("/proc/cpuinfo", "cpu family") + ", model "
                        + field("/proc/cpuinfo", "model"));
        machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put(
                "memory",
                Math.round(CpuClock.kibibytes(Files.readString(Path.of("/proc/meminfo")), "MemTotal") / 1024 / 1024)
                        + " GiB");
        machine.put(
                "load before the last run",
                Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("JDK of the load programs", System.getProperty("java.vendor.version") + " " + Runtime.version());
        return machine;
    }

    private static String field(String file, String name) throws IOException {
        return Files.readString(Path.of(file))
                .lines()
                .filter(line -> line.startsWith(name)
                        && line.substring(name.length()).strip().startsWith(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
