// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture.broken.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Asks the resolver of the host, in two ways. */
final class LooksUp {

    static InetAddress first(String name) throws IOException {
        return InetAddress.getAllByName(name)[0];
    }

    static InetSocketAddress at(String name, int port) {
        return new InetSocketAddress(name, port);
    }
}
