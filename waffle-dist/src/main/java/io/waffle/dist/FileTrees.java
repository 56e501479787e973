// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders. Symbolic links are taken as links. */
final class FileTrees {
    private FileTrees() {}

    /** Copies what is in a folder, with its permissions; existing folders are kept and existing files are an error. */
    static void copy(Path from, Path to) throws IOException {
        for (Path source : all(from)) {
            Path copy = to.resolve(from.relativize(source).toString());
            if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(source, copy, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Deletes a folder with all that is in it; none is no error. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            List<Path> paths = all(folder);
            for (Path path : paths.reversed()) {
                Files.delete(path);
            }
        }
    }

    /** The folder and everything below it, parents first, in an order that does not depend on the file system. */
    static List<Path> all(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
