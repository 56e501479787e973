// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.file.Path;

/**
 * Certificates, keys or trust that cannot be used. The message is one line a person can act on: which file, what was found there,
 * what was expected. Checked, because whoever starts a listener must turn it into that line and an exit code.
 */
public final class TlsConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    TlsConfigException(String message) {
        super(message);
    }

    TlsConfigException(Path file, String found, String expected) {
        this(file + ": " + found + " (expected: " + expected + ")");
    }

    TlsConfigException(Path file, String found, String expected, Throwable cause) {
        this(file, found, expected);
        initCause(cause);
    }
}
