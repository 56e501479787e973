// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process with its children, stopped by {@link #close()} at the latest, and also when this JVM is told to end. */
final class ManagedProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;
    private final Process process;
    private final List<String> command;
    private final Optional<Path> log;
    private final Runnable undo = this::kill;

    private ManagedProcess(Process process, List<String> command, Optional<Path> log) {
        this.process = process;
        this.command = command;
        this.log = log;
    }

    /** Starts it; what it writes goes to the log, or can be read from {@link #output()}. */
    static ManagedProcess start(List<String> command, Map<String, String> environment, Optional<Path> log)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("WAFFLE_"));
        builder.environment().putAll(environment);
        log.ifPresent(file -> builder.redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile())));
        ManagedProcess started = new ManagedProcess(builder.start(), List.copyOf(command), log);
        AtExit.undo(started.undo);
        return started;
    }

    InputStream output() {
        return process.getInputStream();
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int await() throws InterruptedException {
        return process.waitFor();
    }

    /** The process and everything it started that still lives. */
    List<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** Its command line, how it is, and what it wrote: for a message about its failure. */
    String describe() {
        String state = process.isAlive() ? "still running" : "ended with exit code " + process.exitValue();
        return String.join(" ", command) + " (" + state + ")"
                + log.map(ManagedProcess::tail).orElse("");
    }

    /** Asks it to end, and makes it if it does not. */
    @Override
    public void close() {
        List<ProcessHandle> all = all();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        AtExit.forget(undo);
    }

    private void kill() {
        for (ProcessHandle one : all()) {
            one.destroyForcibly();
            one.onExit()
                    .completeOnTimeout(one, PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    private static String tail(Path log) {
        try {
            String text = Files.readString(log);
            return ":\n" + text.substring(Math.max(0, text.length() - 2000));
        } catch (IOException e) {
            return ": " + e;
        }
    }
}
