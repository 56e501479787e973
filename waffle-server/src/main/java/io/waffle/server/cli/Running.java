// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.server.config.IoReason;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.run.PidFile;
import io.waffle.server.run.Signals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The Waffle that runs by a configuration already, which commands ask for something: it is known by its pid file, and by its admin API. */
final class Running {

    /** What a stop takes beside its drain, at most; a busy machine has its time. */
    private static final Duration LAST = Duration.ofSeconds(10);

    private final WaffleConfig config;
    private final PrintStream out;

    Running(WaffleConfig config, PrintStream out) {
        this.config = config;
        this.out = out;
    }

    /** It cannot be asked, or did not do it: one line for the operator. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }

    /** Has it read its configuration anew. */
    void reload() throws Failed {
        Optional<AdminClient> client = AdminClient.of(config.admin());
        if (client.isPresent() && config.admin().tokenFile().isPresent()) {
            reload(client.get());
            return;
        }
        ProcessHandle process =
                process("reload", "-pid-file FILE, or -admin with -admin-token-file, as that Waffle has it");
        if (ignoresHangUp(process.pid())) {
            throw new Failed("process " + process.pid()
                    + " ignores SIGHUP, as nohup has it (expected: an admin API with a token, or -watch)");
        }
        if (!Signals.hangUp(process.pid())) {
            throw new Failed("process " + process.pid() + ": no permission to signal it");
        }
        out.println("process " + process.pid() + " reads its configuration anew; its log says what comes of it");
    }

    /** Stops it, and waits for its end. */
    void stop() throws Failed {
        ProcessHandle process = process("stop", "-pid-file FILE, as that Waffle has it");
        if (!process.destroy()) {
            throw new Failed("process " + process.pid() + ": no permission to stop it");
        }
        Duration longest =
                config.shutdownDelay().plus(config.timeouts().drain()).plus(LAST);
        try {
            process.onExit().get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new Failed("process " + process.pid() + " was told to stop, and has not ended within "
                    + longest.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
        out.println("process " + process.pid() + " has stopped");
    }

    private ProcessHandle process(String command, String expected) throws Failed {
        Path file = config.pidFile()
                .orElseThrow(() -> new Failed(command + ": no pid file is configured (expected: " + expected + ")"));
        Optional<Long> pid;
        try {
            pid = PidFile.read(file);
        } catch (IOException e) {
            throw new Failed(file + ": " + IoReason.of(e) + " (expected: the pid file of a Waffle that runs)");
        }
        long number = pid.orElseThrow(() -> new Failed(file + ": no number in it (expected: that of a process)"));
        return ProcessHandle.of(number)
                .filter(Running::mayBeWaffle)
                .orElseThrow(() -> new Failed(file + ": process " + number
                        + " is no Waffle that runs (expected: one; the file is from one that did not end by itself)"));
    }

    /** Numbers are given again: whoever has this one may be somebody else. Of other users' processes nothing more is known. */
    private static boolean mayBeWaffle(ProcessHandle process) {
        return process.info()
                .commandLine()
                .map(line -> line.contains("io.waffle.server"))
                .orElse(true);
    }

    private static boolean ignoresHangUp(long pid) {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1);
            return status.stream().anyMatch(line -> line.matches("SigIgn:\\s*[0-9a-f]*[13579bdf]"));
        } catch (IOException e) {
            return false; // no Linux
        }
    }

    private void reload(AdminClient client) throws Failed {
        try (AdminClient admin = client) {
            admin.post("/api/reload");
            out.println("reloaded");
        } catch (AdminClient.Failed e) {
            throw new Failed(String.valueOf(e.getMessage()));
        }
    }
}
