// SPDX-License-Identifier: Apache-2.0
package io.waffle.server;

import io.waffle.server.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;

/**
 * Looks at the files of the configuration again and again, and reloads when they have changed and then stayed the same for one look: so one
 * that is still being written is left alone. It looks by name, so it sees a link that leads elsewhere now, and a file that replaced another.
 */
final class FileWatch implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final List<String> atStart;
    private volatile boolean closed;

    private FileWatch(List<String> atStart) {
        this.atStart = atStart;
    }

    /** Remembers how the files are that have just been read. */
    static FileWatch of(Configuration read) {
        return new FileWatch(look(Reload.files(read)));
    }

    /** Watches, if and as long as that is configured. */
    void start(Reload reload) {
        Thread.ofPlatform().daemon().name("file watch").start(() -> run(reload));
    }

    @Override
    public void close() {
        closed = true;
    }

    private void run(Reload reload) {
        List<String> done = atStart;
        List<String> before = List.of();
        while (!closed) {
            List<Path> files = reload.files();
            List<String> now = look(files);
            if (reload.watches() && !now.equals(done) && now.equals(before)) {
                reload.run("a file has changed");
                done = reload.files().equals(files) ? now : look(reload.files());
            }
            before = now;
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private static List<String> look(List<Path> files) {
        return files.stream().map(FileWatch::look).toList();
    }

    private static String look(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return file + " " + now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
        } catch (IOException e) {
            return file + " is not there";
        }
    }
}
