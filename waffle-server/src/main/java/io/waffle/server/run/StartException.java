// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

/** Waffle cannot start as configured. The message is one line for the operator. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
