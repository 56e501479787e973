// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.file.Path;

/**
 * Certificates, keys, trust or rules that cannot be used. The message is one line a person can act on: which file, what was found there,
 * what was expected. Checked, because whoever starts a listener must turn it into that line and an exit code.
 */
public final class TlsConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Which part of what is configured is at fault. */
    public enum Part {
        /** A file or what is in it: the message begins with its name. */
        FILE,
        CERTIFICATES,
        PROVIDER,
        CIPHERS,
        GROUPS
    }

    private final Part part;

    TlsConfigException(String message) {
        this(Part.FILE, message);
    }

    TlsConfigException(Part part, String message) {
        super(message);
        this.part = part;
    }

    TlsConfigException(Path file, String found, String expected) {
        this(file + ": " + found + " (expected: " + expected + ")");
    }

    TlsConfigException(Path file, String found, String expected, Throwable cause) {
        this(file, found, expected);
        initCause(cause);
    }

    /** What is at fault. */
    public Part part() {
        return part;
    }

    /** Whether it is this file. */
    public boolean isAbout(Path file) {
        return part == Part.FILE && String.valueOf(getMessage()).startsWith(file + ":");
    }
}
