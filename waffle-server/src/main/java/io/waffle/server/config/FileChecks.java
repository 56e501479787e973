// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Why a file cannot be used. */
final class FileChecks {

    private FileChecks() {}

    static Optional<String> unreadable(Path file) {
        if (!Files.exists(file)) {
            return Optional.of("there is none");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of("it is no file");
        }
        return Files.isReadable(file) ? Optional.empty() : Optional.of("its permissions forbid it");
    }

    static Optional<String> noFolder(Path folder) {
        if (!Files.exists(folder)) {
            return Optional.of("there is none");
        }
        if (!Files.isDirectory(folder)) {
            return Optional.of("it is no folder");
        }
        return Files.isReadable(folder) ? Optional.empty() : Optional.of("its permissions forbid it");
    }
}
