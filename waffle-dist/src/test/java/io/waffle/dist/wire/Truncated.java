// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.EOFException;

/** The peer ended the connection inside a message, or before one. */
final class Truncated extends EOFException {
    private static final long serialVersionUID = 1;

    Truncated(String message) {
        super(message);
    }
}
