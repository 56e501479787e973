// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.Inet6Address;
import java.util.Optional;

/**
 * {@code HOST:PORT}, as in a URL's authority or a listen address.
 *
 * @param host empty if there is none before the port
 * @param port -1 if none is given
 */
record HostPort(Optional<Host> host, int port) {

    static HostPort parse(String text) throws InvalidValue {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : Math.max(text.lastIndexOf(':'), 0);
        if (hostEnd == 0 && !text.startsWith(":") && !text.startsWith("[")) {
            hostEnd = text.length();
        }
        Optional<Host> host = host(text.substring(0, hostEnd));
        String rest = text.substring(hostEnd);
        return new HostPort(host, rest.isEmpty() ? -1 : port(rest));
    }

    private static Optional<Host> host(String text) throws InvalidValue {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.startsWith("[")) {
            Host.Address address = Host.Address.parse(text.substring(1, text.length() - 1));
            if (address.at() instanceof Inet6Address) {
                return Optional.of(address);
            }
        }
        return Optional.of(Host.parse(text));
    }

    private static int port(String text) throws InvalidValue {
        int port = text.startsWith(":") ? Digits.number(text, 1, text.length(), 5) : -1;
        if (port >= 0 && port <= 65_535) {
            return port;
        }
        throw new InvalidValue("a port of at most 65535");
    }
}
