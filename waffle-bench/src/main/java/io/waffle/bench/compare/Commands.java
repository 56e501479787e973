// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Programs that run to their end. */
final class Commands {

    private Commands() {}

    /** What the program wrote, standard error included; fails if it did. */
    static String run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of());
    }

    static String run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        try (ManagedProcess process = ManagedProcess.start(command, environment, Optional.empty())) {
            String output = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.await();
            if (code != 0) {
                throw new IOException(String.join(" ", command) + ": exit code " + code + ": " + output);
            }
            return output;
        }
    }

    /** A program of the JDK this runs on. */
    static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /** The program of that name on the PATH, or where Debian keeps servers. */
    static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/usr/local/sbin";
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
