// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Waffle that goes by a file, which a test changes. */
final class ConfiguredWaffle implements AutoCloseable {

    private static final Pattern DONE = Pattern.compile("reloaded \\(.*|reload \\(.*nothing was changed");

    private final Path file;
    private final WaffleProcess process;
    private int reloads;

    private ConfiguredWaffle(Path file, WaffleProcess process) {
        this.file = file;
        this.process = process;
    }

    static ConfiguredWaffle start(Path folder, String yaml, String... arguments) {
        return start(Map.of(), folder, yaml, arguments);
    }

    static ConfiguredWaffle start(Map<String, String> environment, Path folder, String yaml, String... arguments) {
        Path file = folder.resolve("waffle.yaml");
        write(file, yaml);
        List<String> all = new ArrayList<>(List.of("-config", file.toString()));
        all.addAll(List.of(arguments));
        return new ConfiguredWaffle(file, WaffleProcess.start(environment, all.toArray(String[]::new)));
    }

    /** The configuration with these backends, this strategy, and more lines. */
    static String yaml(List<ScriptedBackend> backends, String strategy, String more) {
        return "load_balancing: {strategy: " + strategy + "}\nbackends: "
                + backends.stream().map(ScriptedBackend::url).collect(Collectors.joining(", ", "[", "]\n")) + more;
    }

    WaffleProcess process() {
        return process;
    }

    int port() {
        return process.port();
    }

    /** Writes the file anew, as an editor does, by putting another in its place. */
    void write(String yaml) {
        write(file, yaml);
    }

    /** Has it go by this; returns what the log says of it. */
    String reload(String yaml) {
        write(yaml);
        return hangUp();
    }

    /** Sends a SIGHUP; returns what the log says of it. */
    String hangUp() {
        process.signal("HUP");
        return awaitReload();
    }

    /** Waits for the next reload, and returns what the log says of it. */
    String awaitReload() {
        int next = reloads++;
        if (!Eventually.holds(() -> DONE.matcher(process.output()).results().count() > next)) {
            throw new AssertionError("no reload: " + process.output());
        }
        return DONE.matcher(process.output())
                .results()
                .skip(next)
                .findFirst()
                .map(MatchResult::group)
                .orElseThrow();
    }

    @Override
    public void close() {
        process.close();
    }

    private static void write(Path file, String yaml) {
        try {
            Path next = file.resolveSibling("next.yaml");
            Files.writeString(next, yaml);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
