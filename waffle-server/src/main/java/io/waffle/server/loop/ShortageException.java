// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;

/** This host has no more of something that a connection needs, such as descriptors or ports. The peer has no part in it. */
public final class ShortageException extends IOException {

    private static final long serialVersionUID = 1;

    ShortageException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
