// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;

/** The peer sent what no HTTP/1.1 message may look like. */
final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
        super(message);
    }
}
