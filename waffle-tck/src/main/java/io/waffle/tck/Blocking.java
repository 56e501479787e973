// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** What made a thread wait, by the events of the JVM's flight recorder: it sees input and output, too, and where each was. */
final class Blocking {

    private static final List<String> EVENTS = List.of(
            "jdk.ThreadSleep",
            "jdk.ThreadPark",
            "jdk.JavaMonitorWait",
            "jdk.JavaMonitorEnter",
            "jdk.SocketRead",
            "jdk.SocketWrite",
            "jdk.FileRead",
            "jdk.FileWrite",
            "jdk.FileForce");

    private Blocking() {}

    /** What this thread waited for during the task, a line each. */
    static List<String> during(Runnable task) {
        long thread = Thread.currentThread().threadId();
        try (Recording recording = new Recording()) {
            EVENTS.forEach(event ->
                    recording.enable(event).withThreshold(Duration.ZERO).withStackTrace());
            recording.start();
            task.run();
            recording.stop();
            Path file = Files.createTempFile("waffle-tck", ".jfr");
            try {
                recording.dump(file);
                return RecordingFile.readAllEvents(file).stream()
                        .filter(event ->
                                event.getThread() != null && event.getThread().getJavaThreadId() == thread)
                        .filter(event -> !isOfRecording(event))
                        .map(Blocking::describe)
                        .distinct()
                        .toList();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To start and stop a recording may wait, too. */
    private static boolean isOfRecording(RecordedEvent event) {
        return where(event)
                .filter(frame -> frame.getMethod().getType().getName().equals(Blocking.class.getName()))
                .isPresent();
    }

    private static String describe(RecordedEvent event) {
        String what =
                event.getEventType().getLabel() + " of " + event.getDuration().toMillis() + " ms";
        return what + where(event).map(frame -> " at " + describe(frame)).orElse("");
    }

    /** The first frame that is not the JDK's. */
    private static Optional<RecordedFrame> where(RecordedEvent event) {
        return Optional.ofNullable(event.getStackTrace()).map(RecordedStackTrace::getFrames).stream()
                .flatMap(List::stream)
                .filter(frame -> frame.getMethod() != null
                        && !frame.getMethod().getType().getName().startsWith("java.")
                        && !frame.getMethod().getType().getName().startsWith("jdk."))
                .findFirst();
    }

    private static String describe(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName() + ", line "
                + frame.getLineNumber();
    }
}
