// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses of this machine alone: load is for nobody else. */
final class Loopback {

    private Loopback() {}

    /** Reads {@code host:port}. */
    static InetSocketAddress address(String option, String value) throws UsageException {
        int colon = value.lastIndexOf(':');
        try {
            if (colon > 0) {
                return address(option, value.substring(0, colon), Integer.parseInt(value.substring(colon + 1)));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new UsageException(option + ": " + value + " (expected: a loopback address and a port, 127.0.0.1:8080)");
    }

    static InetSocketAddress address(String option, String host, int port) throws UsageException {
        if (port < 0 || port > 65_535) {
            throw new UsageException(option + ": port " + port + " (expected: 0-65535)");
        }
        return new InetSocketAddress(host(option, host), port);
    }

    private static InetAddress host(String option, String host) throws UsageException {
        if (host.equals("localhost")) {
            return InetAddress.getLoopbackAddress();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            if (address.isLoopbackAddress()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new UsageException(option + ": " + host + " (expected: a loopback address, 127.0.0.1)");
    }
}
