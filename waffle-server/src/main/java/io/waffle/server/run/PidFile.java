// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.IoReason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that has the number of the process while Waffle serves. */
public final class PidFile {

    private static final System.Logger LOG = System.getLogger("waffle");
    private static final int LONGEST = 32;

    private PidFile() {}

    /** Says there who this is; whoever was there before has ended, or gives way. */
    static void write(Path file) throws StartException {
        try {
            Files.writeString(file, own() + "\n");
        } catch (IOException e) {
            throw new StartException("pid_file: " + file + " cannot be written: " + IoReason.of(e));
        }
    }

    /** Takes it away, if it is still about this process and not about one that took over. */
    static void remove(Path file) {
        try {
            if (read(file).filter(pid -> pid == own()).isPresent()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "pid_file: " + file + " cannot be removed: " + IoReason.of(e));
        }
    }

    /** Whom it names; nobody if that is no number. */
    public static Optional<Long> read(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            return Optional.empty();
        }
        String text = Files.readString(file).strip();
        return text.matches("[1-9][0-9]{0,9}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static long own() {
        return ProcessHandle.current().pid();
    }
}
