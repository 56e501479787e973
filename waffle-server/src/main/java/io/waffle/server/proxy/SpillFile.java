// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Offload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;

/**
 * Bytes on the disk. The file has lost its name by the time it is open, so that the system takes it back whatever becomes of this process. All
 * that may block is done by {@link Offload#FILES}, while the virtual thread that asked parks.
 *
 * <p>Threading: one thread at a time.
 */
final class SpillFile {

    /** A disk that takes longer for one buffer would cost the client more than it may be worth. */
    private static final Duration WRITE_TIME = Duration.ofSeconds(5);

    private final FileChannel channel;
    private long size;

    private SpillFile(FileChannel channel) {
        this.channel = channel;
    }

    /** A new one in this folder, that nobody but the owner of this process could open while it had a name. */
    static SpillFile create(Path folder) throws IOException {
        return new SpillFile(Offload.FILES.call(() -> open(folder), Deadline.NONE));
    }

    private static FileChannel open(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "waffle-", ".body");
        try {
            return FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    long size() {
        return size;
    }

    /** Appends what remains in the buffer, which stays as it is. */
    void append(ByteBuffer from) throws IOException {
        ByteBuffer bytes = from.duplicate();
        size += Offload.FILES.call(() -> writeAll(bytes), Deadline.in(WRITE_TIME));
    }

    private int writeAll(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        for (long at = size; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
        return length;
    }

    /** Reads from this offset on; returns how many bytes, at least one if there are any. */
    int read(ByteBuffer into, long offset) throws IOException {
        return Offload.FILES.call(() -> channel.read(into, offset), Deadline.NONE);
    }

    /** Lets go of it, without waiting for the disk. */
    void close() {
        Offload.FILES.run(this::closeChannel);
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            // nobody can do anything about it
        }
    }
}
