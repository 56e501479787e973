// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.AccessLogConfig;
import io.waffle.server.config.IoReason;
import io.waffle.server.plugin.FaultLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where whole lines go: standard output, or a file that is put aside when it has grown, and begun anew when somebody has moved it away; or a
 * named pipe, which keeps what it has room for while nobody reads. What cannot be written is lost, and said.
 *
 * <p>Threading: one thread.
 */
final class LineSink implements AutoCloseable {

    private static final byte LF = '\n';

    /** As much is handed to the system at once: the JDK copies it, and keeps the copy's memory. */
    private static final int PIECE = 64 * 1024;

    /** Names of what is open already; opening it by its name fails where it is a socket, as it is under systemd. */
    private static final Set<Path> STANDARD_OUTPUT = Set.of(Path.of("/dev/stdout"), Path.of("/dev/fd/1"));

    private static final Set<OpenOption> FILE = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    /** A pipe that is open for both needs no reader to be opened, and does not break when its reader goes. */
    private static final Set<OpenOption> PIPE = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Optional<Path> file;
    private final long maxSize;
    private final int keep;
    private final FaultLog faults;
    private FileChannel out;
    private @Nullable Object key;
    private boolean grows;
    private long size;
    private boolean torn;

    private LineSink(AccessLogConfig config, FaultLog faults) throws IOException {
        this.file = config.file().filter(path -> !STANDARD_OUTPUT.contains(path));
        this.maxSize = config.maxSize() == 0 ? Long.MAX_VALUE : config.maxSize();
        this.keep = config.keep();
        this.faults = faults;
        this.out = open();
    }

    static LineSink of(AccessLogConfig config, FaultLog faults) throws IOException {
        return new LineSink(config, faults);
    }

    /** Goes on in the file that has the name now, if it is another; until one can be opened, in the one it has. */
    void follow() {
        if (file.isEmpty()) {
            return;
        }
        BasicFileAttributes now = attributes(file.get());
        if (now != null && Objects.equals(key, now.fileKey())) {
            size = now.size(); // somebody may have cut it
            return;
        }
        try {
            change();
        } catch (IOException e) {
            faults.warn("cannot be opened: " + IoReason.of(e), null);
        }
    }

    /** Writes lines, and has the host have them. */
    void write(byte[] lines, int length) {
        ByteBuffer left = ByteBuffer.wrap(lines, 0, length);
        try {
            mend();
            while (left.hasRemaining()) {
                int end = fitting(lines, left.position(), length);
                if (end == left.position()) {
                    putAside();
                } else {
                    writeTo(end, left);
                }
            }
        } catch (IOException e) {
            int at = left.position();
            torn |= at > 0 && lines[at - 1] != LF;
            faults.warn("cannot be written: " + IoReason.of(e) + "; lines lost: " + count(lines, at, length), null);
        }
    }

    /** A line that the host has only half of ends here. */
    private void mend() throws IOException {
        if (torn) {
            out.write(ByteBuffer.wrap(new byte[] {LF}));
            torn = false;
        }
    }

    private void writeTo(int end, ByteBuffer left) throws IOException {
        int length = left.limit();
        try {
            while (left.position() < end) {
                left.limit(Math.min(end, left.position() + PIECE));
                size += out.write(left);
            }
        } finally {
            left.limit(length);
        }
    }

    /** Up to where whole lines have room in the file; one has, in a file that is empty. */
    private int fitting(byte[] lines, int from, int length) {
        long room = grows ? maxSize - size : Long.MAX_VALUE;
        if (length - from <= room) {
            return length;
        }
        int end = size == 0 ? lineEnd(lines, from) : from;
        while (end < length && lineEnd(lines, end) - from <= room) {
            end = lineEnd(lines, end);
        }
        return end;
    }

    private static int lineEnd(byte[] lines, int from) {
        int at = from;
        while (lines[at] != LF) {
            at++;
        }
        return at + 1;
    }

    private static int count(byte[] lines, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += lines[i] == LF ? 1 : 0;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            out.close();
        }
    }

    private void change() throws IOException {
        FileChannel former = out;
        out = open();
        former.close();
        torn = false;
    }

    private FileChannel open() throws IOException {
        if (file.isEmpty()) {
            return new FileOutputStream(FileDescriptor.out).getChannel();
        }
        BasicFileAttributes before = attributes(file.get());
        grows = before == null || before.isRegularFile();
        FileChannel opened = FileChannel.open(file.get(), grows ? FILE : PIPE);
        BasicFileAttributes now = attributes(file.get());
        key = now == null ? null : now.fileKey();
        size = now == null ? 0 : now.size();
        return opened;
    }

    /** Of what has the name now; null if nothing has. */
    private static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }

    private void putAside() throws IOException {
        Path path = file.orElseThrow();
        for (int i = keep; i > 0; i--) {
            Path older = i == 1 ? path : numbered(path, i - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(path, i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(path); // only if none is kept
        change();
    }

    private static Path numbered(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
