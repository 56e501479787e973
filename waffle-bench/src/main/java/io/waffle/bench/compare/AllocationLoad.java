// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Bytes allocated on the heap per request in steady state, as the threads of the JVM count them: a flight recording reads the counts. */
record AllocationLoad(WrkLoad load) implements Load {

    private static final String EVENT = "jdk.ThreadAllocationStatistics";
    private static final long PERIOD_MILLIS = 500;

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        RunningProxy proxy = contender.in(load.scenario());
        String pid = Long.toString(proxy.process().pid());
        Path file = Files.createTempFile(lab.folder(), "allocation", ".jfr");
        jcmd(
                pid,
                "JFR.start",
                "name=compare",
                "settings=none",
                "+" + EVENT + "#enabled=true",
                "+" + EVENT + "#period=" + PERIOD_MILLIS + "ms");
        Thread.sleep(3 * PERIOD_MILLIS);
        Instant start = Instant.now();
        Wrk.Result result = lab.wrk().run(proxy.uri(load.path()), load.connections(), lab.seconds(), load.style());
        Thread.sleep(3 * PERIOD_MILLIS);
        jcmd(pid, "JFR.stop", "name=compare", "filename=" + file);
        double bytes = allocated(RecordingFile.readAllEvents(file), start);
        Files.delete(file);
        return Turn.of(Map.of(Metric.ALLOCATED, bytes / result.requests(), Metric.REQUESTS, result.perSecond()));
    }

    /** What the counts of all threads have grown by since the load began; the recorder's own left out. */
    private static double allocated(List<RecordedEvent> events, Instant start) throws IOException {
        Map<Long, Long> before = new HashMap<>();
        Map<Long, Long> after = new HashMap<>();
        for (RecordedEvent event : events) {
            RecordedThread thread = event.getThread("thread");
            if (thread == null || String.valueOf(thread.getJavaName()).startsWith("JFR ")) {
                continue;
            }
            (event.getStartTime().isBefore(start) ? before : after)
                    .merge(thread.getId(), event.getLong("allocated"), Math::max);
        }
        if (before.isEmpty() || after.isEmpty()) {
            throw new IOException("the flight recording has no " + EVENT + " from before and after the load");
        }
        return after.entrySet().stream()
                .mapToDouble(count -> count.getValue() - before.getOrDefault(count.getKey(), 0L))
                .sum();
    }

    private static void jcmd(String pid, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Commands.java("jcmd"), pid));
        all.addAll(List.of(command));
        String said = Commands.run(all);
        if (said.contains("Exception") || said.contains("Warning!")) {
            throw new IOException(String.join(" ", all) + ": " + said);
        }
    }
}
