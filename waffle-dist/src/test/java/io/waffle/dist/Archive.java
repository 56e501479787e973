// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The tarball under test. */
public final class Archive {
    private Archive() {}

    static Path file() {
        return path("waffle.archive");
    }

    /** A second one, packed from the same inputs. */
    static Path again() {
        return path("waffle.archive.again");
    }

    /** Unpacks it with the system's tar, as a user does, and returns the folder Waffle is in. */
    public static Path unpackInto(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int code = new ProcessBuilder("tar", "xzf", file().toString(), "-C", folder.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("tar xzf " + file() + ": exit code " + code);
        }
        return folder.resolve(WaffleProcess.home().getFileName());
    }

    private static Path path(String property) {
        return Path.of(System.getProperty(property)).toAbsolutePath();
    }
}
