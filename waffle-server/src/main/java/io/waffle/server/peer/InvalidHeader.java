// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.peer;

/** What a connection began with is no header of the PROXY protocol. The message says why, in words for whoever runs the peer. */
public final class InvalidHeader extends Exception {

    private static final long serialVersionUID = 1;

    InvalidHeader(String why) {
        super(why, null, false, false);
    }
}
