// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

/** A provider could be made, but breaks its contract. */
final class InvalidProviderException extends Exception {

    private static final long serialVersionUID = 1;

    InvalidProviderException(String message) {
        super(message);
    }
}
