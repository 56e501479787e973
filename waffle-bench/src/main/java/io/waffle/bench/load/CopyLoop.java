// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A thread that waits for channels and serves them. Other threads hand it channels to watch, and end it. */
final class CopyLoop implements AutoCloseable {

    /** Enough to copy large bodies with few calls; one for all connections, since what is read is written before the next read. */
    private static final int BUFFER = 256 << 10;

    private final Selector selector;
    private final ByteBuffer buf = ByteBuffer.allocateDirect(BUFFER);
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

    private CopyLoop(Selector selector) {
        this.selector = selector;
    }

    /** What is done for a channel when it is ready. */
    @FunctionalInterface
    interface Handler {
        void ready(SelectionKey key) throws IOException;
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    static CopyLoop start(String name) throws IOException {
        var loop = new CopyLoop(Selector.open());
        Thread.ofPlatform().daemon().name(name).start(loop::run);
        return loop;
    }

    void watch(SelectableChannel channel, int operations, Handler handler) {
        tasks.add(() -> channel.register(selector, operations, handler));
        selector.wakeup();
    }

    /** Copies both ways from now on. */
    void copy(SocketChannel client, SocketChannel backend) {
        tasks.add(() -> CopyPair.start(client, backend, selector, buf));
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(CopyLoop::ready);
                Task task = tasks.poll();
                while (task != null) {
                    task.run();
                    task = tasks.poll();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClosedSelectorException e) {
            // Closed between the look at it and the selection: the end.
        }
    }

    private static void ready(SelectionKey key) {
        try {
            ((Handler) key.attachment()).ready(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
