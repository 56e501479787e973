// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.AccessLogConfig;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where whole lines go: standard output, or a file that is put aside when it has grown, and begun anew when somebody has moved it away.
 *
 * <p>Threading: one thread.
 */
final class LineSink implements AutoCloseable {

    private final Optional<Path> file;
    private final long maxSize;
    private final int keep;
    private OutputStream out;
    private @Nullable Object key;
    private long size;

    private LineSink(AccessLogConfig config) throws IOException {
        this.file = config.file();
        this.maxSize = config.maxSize() == 0 ? Long.MAX_VALUE : config.maxSize();
        this.keep = config.keep();
        this.out = open();
    }

    static LineSink of(AccessLogConfig config) throws IOException {
        return new LineSink(config);
    }

    /** Writes these lines, and has the host have them. */
    void write(List<String> lines) throws IOException {
        if (file.isPresent() && !Objects.equals(key, key(file.get()))) {
            out.close();
            out = open();
        }
        for (String line : lines) {
            write(line.getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
    }

    private void write(byte[] line) throws IOException {
        if (file.isPresent() && size > 0 && size + line.length > maxSize) {
            out.close();
            putAside(file.get());
            out = open();
        }
        out.write(line);
        size += line.length;
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            out.close();
        }
    }

    private OutputStream open() throws IOException {
        if (file.isEmpty()) {
            return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        }
        OutputStream opened = Files.newOutputStream(file.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        key = key(file.get());
        size = Files.size(file.get());
        return new BufferedOutputStream(opened);
    }

    /** Which file it is that has the name now; null if none has. */
    private static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private void putAside(Path path) throws IOException {
        for (int i = keep; i > 0; i--) {
            Path older = i == 1 ? path : numbered(path, i - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(path, i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(path); // only if none is kept
    }

    private static Path numbered(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
