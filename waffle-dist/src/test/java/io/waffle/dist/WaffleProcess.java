// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shipped launcher as a child process: what a user runs, nothing of it in this JVM.
 *
 * <pre>{@code
 * try (var waffle = WaffleProcess.start("-backends", backendUrl)) {
 *     client.send(HttpRequest.newBuilder(waffle.uri("/")).build(), ...);
 *     assertEquals(0, waffle.terminate());
 * }
 * }</pre>
 *
 * <p>Standard output and error are collected together in {@link #output()}. {@link #close()} leaves no process behind, whatever the test did.
 * Methods may be called from any thread.
 */
public final class WaffleProcess implements AutoCloseable {
    /** Generous: a slow machine must not fail a test, a hanging process must. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern LISTENING = Pattern.compile("listening on (https?)://(\\S+):(\\d+)");

    private final Process process;
    private final List<String> command;
    private final StringBuilder output = new StringBuilder();
    private final Thread collector;
    private boolean outputEnded;

    private WaffleProcess(List<String> command, Map<String, String> environment, Path folder) {
        this.command = command;
        var builder = new ProcessBuilder(InheritedSignals.reset(command))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("WAFFLE_") || name.equals("JAVA_HOME"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        collector =
                Thread.ofPlatform().daemon().name("output of " + process.pid()).start(this::collect);
    }

    /** Starts the distribution under test on an ephemeral loopback port and waits until it listens. */
    public static WaffleProcess start(String... arguments) {
        return start(Map.of(), arguments);
    }

    /** As {@link #start(String...)}, with variables added to the environment, say {@code WAFFLE_JAVA_OPTS}. */
    public static WaffleProcess start(Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-listen", "127.0.0.1:0"));
        all.addAll(List.of(arguments));
        WaffleProcess started = launch(launcher(), environment, all);
        try {
            started.awaitListening();
            return started;
        } catch (AssertionError | IllegalStateException e) {
            started.close(); // nobody else has it to close
            throw e;
        }
    }

    /** Runs the distribution under test with exactly these arguments until it ends by itself. */
    public static Ended run(String... arguments) {
        try (WaffleProcess process = launch(launcher(), Map.of(), List.of(arguments))) {
            return process.awaitEnd();
        }
    }

    /** Starts any launcher and waits for nothing; it runs in the temporary folder, where nothing of ours is. */
    public static WaffleProcess launch(Path launcher, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        return launch(command, environment, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Starts a whole command line, say {@code java -p lib -m io.waffle.server}, in a folder. */
    public static WaffleProcess launch(List<String> command, Map<String, String> environment, Path folder) {
        return new WaffleProcess(List.copyOf(command), environment, folder);
    }

    /** The unpacked distribution under test: {@code bin}, {@code lib}, {@code plugins}... */
    public static Path home() {
        String home = System.getProperty("waffle.home");
        if (home == null) {
            throw new IllegalStateException(
                    "system property waffle.home: not set (expected: the unpacked distribution)");
        }
        return Path.of(home).toAbsolutePath();
    }

    public static Path launcher() {
        return home().resolve("bin/waffle");
    }

    /** The proxy listener's address and port; waits for the first {@code listening on} line. */
    public URI uri(String path) {
        MatchResult line = awaitListening();
        return URI.create(line.group(1) + "://" + line.group(2) + ":" + line.group(3) + path);
    }

    public int port() {
        return Integer.parseInt(awaitListening().group(3));
    }

    public long pid() {
        return process.pid();
    }

    /** What it takes of the machine's memory. Linux only. */
    public long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no VmRSS for process " + pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many files it has open whose names begin so. Linux only. */
    public long openFiles(String prefix) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
            return files.filter(file -> target(file).startsWith(prefix)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed until now, standard output and error as they came. */
    public String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    /** How often the output has these words so far. */
    public int countInOutput(String words) {
        return output().split(Pattern.quote(words), -1).length - 1;
    }

    /** Waits until the output contains the pattern and returns the first match. */
    public MatchResult awaitOutput(Pattern pattern) {
        Matcher matcher = pattern.matcher("");
        await(text -> matcher.reset(text).find(), "output matching " + pattern);
        return matcher.toMatchResult();
    }

    public MatchResult awaitListening() {
        return awaitOutput(LISTENING);
    }

    /** Sends SIGTERM and waits for the end; returns the exit code. */
    public int terminate() {
        return signal("TERM").awaitEnd().code();
    }

    /** Whether it would not end for the signal of this number. */
    public boolean survives(int signal) {
        return InheritedSignals.survives(pid(), signal);
    }

    /** Sends a signal by its name without SIG, as {@code kill} takes it. Returns at once. */
    public WaffleProcess signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " " + pid() + ": exit code " + code);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for the process to end by itself. */
    public Ended awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw failure("its end");
            }
            collector.join();
            return new Ended(process.exitValue(), output());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** How a process ended. */
    public record Ended(int code, String output) {}

    /** Kills the process and its children if they still live, and waits until they are gone. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    private void await(Predicate<String> condition, String expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (output) {
            while (!condition.test(output.toString())) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || outputEnded) {
                    throw failure(expected);
                }
                try {
                    output.wait(left);
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
            }
        }
    }

    private void collect() {
        try (var reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                append(line + "\n");
            }
        } catch (IOException e) {
            append("(output lost: " + e + ")\n");
        }
        synchronized (output) {
            outputEnded = true;
            output.notifyAll();
        }
    }

    private void append(String text) {
        synchronized (output) {
            output.append(text);
            output.notifyAll();
        }
    }

    private AssertionError failure(String expected) {
        String state = process.isAlive() ? "still running" : "ended with exit code " + process.exitValue();
        return new AssertionError(
                "waited for " + expected + "; " + command + " is " + state + ", output:\n" + output());
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for a process", e);
    }
}
