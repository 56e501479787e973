// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A control group of Linux with a bound to its memory: what a container is to a process. It needs the rights to make one. */
final class ControlGroup implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path folder;

    private ControlGroup(Path folder) {
        this.folder = folder;
    }

    /** One of this name with so many MiB; nothing where none can be made. */
    static Optional<ControlGroup> ofMemory(String name, int mib) {
        return make(ROOT.resolve("memory").resolve(name), "memory.limit_in_bytes", mib)
                .or(() -> make(ROOT.resolve(name), "memory.max", mib));
    }

    private static Optional<ControlGroup> make(Path folder, String bound, int mib) {
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            return Optional.empty();
        }
        ControlGroup group = new ControlGroup(folder);
        try {
            if (Files.exists(folder.resolve(bound))) {
                Files.writeString(folder.resolve(bound), Long.toString((long) mib << 20));
                return Optional.of(group);
            }
        } catch (IOException e) {
            // may be seen, but not set
        }
        group.close();
        return Optional.empty();
    }

    /** The command that runs this one in the group. */
    List<String> running(String program) {
        return List.of(
                "/bin/sh", "-c", "echo $$ > " + folder.resolve("cgroup.procs") + " && exec \"$0\" \"$@\"", program);
    }

    /** Ends the group as soon as its last process is gone. */
    @Override
    public void close() {
        Wait.until("the control group can be deleted", () -> folder.toFile().delete());
    }
}
