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
            return Optional.of(Files.isDirectory(file) ? "it is a folder" : "it is no file");
        }
        return Files.isReadable(file) ? Optional.empty() : Optional.of("its permissions forbid it");
    }

    /** Of a file that may not be there yet. */
    static Optional<String> unwritable(Path file) {
        if (Files.isDirectory(file)) {
            return Optional.of("it is a folder");
        }
        Path there = Files.exists(file) ? file : file.toAbsolutePath().getParent();
        if (there == null || !Files.exists(there)) {
            return Optional.of("there is no folder for it");
        }
        return Files.isWritable(there) ? Optional.empty() : Optional.of("permissions forbid it");
    }

    /** Of a folder that files are made in. */
    static Optional<String> noFolderToWrite(Path folder) {
        return noFolder(folder)
                .or(() -> Files.isWritable(folder) ? Optional.empty() : Optional.of("its permissions forbid it"));
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
