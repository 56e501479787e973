// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Optional;

/**
 * Where to listen.
 *
 * @param host empty for every interface, IPv4 and IPv6
 * @param port 0 to 65,535, where 0 takes a free one
 */
public record ListenAddress(Optional<Host> host, int port) {

    /** As a user writes it. */
    public String text() {
        return host.map(Host::bracketed).orElse("") + ":" + port;
    }
}
