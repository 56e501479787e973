// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import java.io.IOException;
import java.net.Socket;

/** Puts TLS over a connection, which goes with it. Any thread. */
@FunctionalInterface
public interface Secure {

    /**
     * A socket that shakes hands when it is first used.
     *
     * @param host the host of the backend's URL
     */
    Socket over(Socket connected, String host, int port) throws IOException;
}
