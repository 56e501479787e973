// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Addresses for programs that are told where to listen. */
final class Ports {

    private Ports() {}

    /** One that nobody listens on now. */
    static String freeAddress() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
