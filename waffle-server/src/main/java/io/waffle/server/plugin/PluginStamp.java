// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a plugin were like when it was loaded: another one means that something has changed on disk.
 *
 * @param files the jar, or the folder and what is in it, sorted; empty if they cannot be looked at
 */
record PluginStamp(List<Stamp> files) {

    /** Of a file, with what the file system knows it by, if it has such a thing: one that was replaced has another. */
    private record Stamp(
            Path file,
            long size,
            FileTime changed,
            @Nullable Object key) {

        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(file, now.size(), now.lastModifiedTime(), now.fileKey());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** As the plugin is now. */
    static PluginStamp of(Path plugin) {
        try (Stream<Path> files = Files.walk(plugin, 1)) {
            return new PluginStamp(files.sorted().map(Stamp::of).toList());
        } catch (IOException | UncheckedIOException e) {
            return new PluginStamp(List.of());
        }
    }
}
