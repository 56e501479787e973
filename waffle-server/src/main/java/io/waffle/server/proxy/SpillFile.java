// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Offload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on the disk. The file has lost its name by the time it is open, so that the system takes it back whatever becomes of this process. All
 * that may block is done by {@link Offload#FILES}, while the virtual thread that asked parks, up to a deadline: past it a call that hangs is
 * left to itself, and the file is of no more use.
 *
 * <p>Threading: one thread at a time.
 */
final class SpillFile {

    /** Bytes read at once. */
    private static final int PIECE = 16 * 1024;

    /** Guarded by this. */
    private @Nullable FileChannel channel;

    private boolean closed;
    private long size;

    /** Opens a new one in this folder, that nobody but the owner of this process could open while it had a name. */
    void open(Path folder, long deadline) throws IOException {
        Offload.FILES.call(() -> opened(create(folder)), deadline);
    }

    private static FileChannel create(Path folder) throws IOException {
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

    /** It may have been closed before: then nobody waits for it any more. */
    private synchronized FileChannel opened(FileChannel file) throws IOException {
        channel = file;
        if (closed) {
            file.close();
        }
        return file;
    }

    private synchronized FileChannel channel() throws IOException {
        if (channel == null) {
            throw new IOException("not open");
        }
        return channel;
    }

    long size() {
        return size;
    }

    /**
     * Appends what remains in the buffer, which stays as it is. A write that is given up may still take from it what is there by then: into a
     * file that nobody reads.
     */
    void append(ByteBuffer from, long deadline) throws IOException {
        ByteBuffer bytes = from.duplicate();
        size += Offload.FILES.call(() -> writeAll(bytes), deadline);
    }

    private int writeAll(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        for (long at = size; bytes.hasRemaining(); ) {
            at += channel().write(bytes, at);
        }
        return length;
    }

    /**
     * Reads from this offset on; returns how many bytes, at least one if there are any. A read that is given up may still put bytes where it was
     * told to, so that is never a buffer that others borrow next.
     */
    int read(ByteBuffer into, long offset, long deadline) throws IOException {
        ByteBuffer own = ByteBuffer.allocate(Math.min(PIECE, into.remaining()));
        int n = Offload.FILES.call(() -> channel().read(own, offset), deadline);
        into.put(own.flip());
        return n;
    }

    /** Lets go of it, without waiting for the disk. What is to be done then is done when the disk has let go, too. */
    void close(Runnable then) {
        Offload.FILES.run(() -> {
            closeChannel();
            then.run();
        });
    }

    private synchronized void closeChannel() {
        closed = true;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // nobody can do anything about it
        }
    }
}
