// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.InetSocketAddress;

/**
 * Where to listen.
 *
 * @param host a name or an address literal; empty for every interface, IPv4 and IPv6
 * @param port 0 to 65,535, where 0 takes a free one
 */
public record ListenAddress(String host, int port) {

    /** The address to bind; resolves the name. */
    public InetSocketAddress toSocketAddress() {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }
}
