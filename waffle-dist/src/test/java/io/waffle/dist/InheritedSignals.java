// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A shell starts its background jobs with SIGINT ignored, and {@code nohup} its own with SIGHUP; every child inherits that, and no JVM handles a
 * signal it was told to ignore. So a process that a test sends signals to has to be started with the system's defaults, wherever the tests
 * themselves run.
 */
final class InheritedSignals {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;

    private InheritedSignals() {}

    /** The command, with a prefix that undoes what was inherited where that is needed. */
    static List<String> reset(List<String> command) {
        BigInteger ignored = ignored();
        if (!ignored.testBit(SIGHUP - 1) && !ignored.testBit(SIGINT - 1)) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
        all.addAll(command);
        return all;
    }

    /** A bit for each signal, the first for signal 1. */
    private static BigInteger ignored() {
        return mask(STATUS, "SigIgn:");
    }

    /** Whether a process ignores or handles the signal of this number, so that it does not end for it. */
    static boolean survives(long process, int signal) {
        Path status = Path.of("/proc/" + process + "/status");
        return mask(status, "SigIgn:").or(mask(status, "SigCgt:")).testBit(signal - 1);
    }

    private static BigInteger mask(Path status, String key) {
        if (!Files.isReadable(status)) {
            return BigInteger.ZERO;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> new BigInteger(line.substring(key.length()).strip(), 16))
                    .findFirst()
                    .orElse(BigInteger.ZERO);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
