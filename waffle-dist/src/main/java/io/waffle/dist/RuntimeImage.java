// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Java runtime that ships, linked by jlink from the JDK that runs the build.
 *
 * <p>Linking takes seconds and gives the same bytes for the same JDK and orders, so an image with the same {@link #key()} is kept. The same
 * bytes come only from jlink as a process of its own: the method handle classes it generates depend on what its JVM did before.
 */
final class RuntimeImage {
    private final List<String> orders;
    private final Path folder;

    RuntimeImage(String modules, Path folder) {
        this.folder = folder;
        // Not compressed: the archive gets smaller (27 to 20 MB, gzip sees plain classes), and nothing is unpacked at
        // each start.
        this.orders = List.of(
                "--add-modules",
                modules,
                "--compress=zip-0",
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                folder.toString());
    }

    Path folder() {
        return folder;
    }

    void build() throws IOException, InterruptedException {
        Path stamp = folder.resolveSibling(folder.getFileName() + ".key");
        if (Files.exists(stamp) && Files.readString(stamp).equals(key())) {
            return;
        }
        Files.deleteIfExists(stamp);
        FileTrees.delete(folder);
        List<String> command = new ArrayList<>(orders);
        command.addFirst(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString());
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + ": exit code " + code);
        }
        Files.writeString(stamp, key());
    }

    private String key() {
        return System.getProperty("java.home") + " " + Runtime.version() + " " + String.join(" ", orders);
    }
}
