// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.Configuration;
import io.waffle.server.loop.Boundary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the files of the configuration again and again, and reloads when they have changed and then stayed the same for one look: so one
 * that is still being written is left alone. It looks by name, so it sees a link that leads elsewhere now, and a file that replaced another.
 */
public final class FileWatch implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** So many files are looked at in a second at most, which takes a hundredth of it: with more, looks are rarer. */
    private static final int FILES_PER_INTERVAL = 2000;

    /** How each file was when it was read last. */
    private Map<Path, String> done;

    /** How each was a look ago. */
    private Map<Path, String> before = Map.of();

    private volatile boolean closed;

    private FileWatch(Map<Path, String> atStart) {
        this.done = atStart;
    }

    /** Remembers how the files are that have just been read. */
    public static FileWatch of(Configuration read) {
        return new FileWatch(look(Reload.files(read)));
    }

    /** Watches, if and as long as that is configured. */
    public void start(Reload reload) {
        Thread.ofPlatform().daemon().name("file watch").start(() -> run(reload));
    }

    @Override
    public void close() {
        closed = true;
    }

    private void run(Reload reload) {
        try {
            while (!closed) {
                Boundary.around("watching files", () -> turn(reload));
                Thread.sleep(INTERVAL.multipliedBy(1 + before.size() / FILES_PER_INTERVAL));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private void turn(Reload reload) {
        if (!reload.watches()) {
            done = new HashMap<>(); // who begins to watch has read all files shortly before
            before = Map.of();
            return;
        }
        Map<Path, String> now = look(reload.files());
        Instant readAt = reload.readAt();
        now.forEach((file, state) -> done.computeIfAbsent(file, named -> changedSince(readAt, named) ? "" : state));
        if (now.equals(before) && !now.equals(only(now.keySet(), done))) {
            done.putAll(now); // first: whatever comes of it, it is not tried again until there is another change
            reload.run("a file has changed");
        }
        before = now;
    }

    /** One that is named since has been read since; but it may be another again by now. */
    private static boolean changedSince(Instant readAt, Path file) {
        try {
            return !Files.getLastModifiedTime(file).toInstant().isBefore(readAt);
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<Path, String> only(Set<Path> files, Map<Path, String> of) {
        Map<Path, String> some = new HashMap<>(of);
        some.keySet().retainAll(files);
        return some;
    }

    private static Map<Path, String> look(List<Path> files) {
        Map<Path, String> states = new HashMap<>();
        files.forEach(file -> states.put(file, look(file)));
        return states;
    }

    private static String look(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return file + " " + now.fileKey() + " " + now.size() + " "
                    + now.lastModifiedTime().to(TimeUnit.NANOSECONDS); // a date in words is most of what a look costs
        } catch (IOException e) {
            return file + " is not there";
        }
    }
}
