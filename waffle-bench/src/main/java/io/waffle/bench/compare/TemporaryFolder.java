// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone afterwards, also when this JVM is told to end. */
final class TemporaryFolder implements AutoCloseable {

    private final Path path;
    private final Runnable undo = this::delete;

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    static TemporaryFolder create() throws IOException {
        Path path = Files.createTempDirectory("waffle-compare");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        TemporaryFolder folder = new TemporaryFolder(path);
        AtExit.undo(folder.undo);
        return folder;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        AtExit.forget(undo);
        delete();
    }

    private void delete() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.deleteIfExists(one);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("compare: " + path + " is left behind: " + e);
        }
    }
}
