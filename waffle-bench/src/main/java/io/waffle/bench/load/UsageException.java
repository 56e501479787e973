// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

/** An option that is missing, unknown or out of bounds; the message is one line for whoever called. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
