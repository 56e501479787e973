// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where to listen.
 *
 * @param host empty for every interface, IPv4 and IPv6
 * @param port 0 to 65,535, where 0 takes a free one; negative for a Unix domain socket, which has none
 */
public record ListenAddress(Optional<Host> host, int port) {

    /** Before the path of a Unix domain socket. */
    static final String UNIX = "unix:";

    private static final int NO_PORT = -1;

    /** One at a path. Its spelling is made the one there is, so that two are the same if their texts are. */
    static ListenAddress unix(String path) throws InvalidValue {
        if (path.startsWith("@")) {
            throw new InvalidValue(
                    "unix:/PATH; a socket with an abstract name has no file, and so nothing that says who may connect");
        }
        Host.LocalSocket.parse(path);
        return new ListenAddress(
                Optional.of(new Host.LocalSocket(Path.of(path).normalize().toString())), NO_PORT);
    }

    /** The path of a Unix domain socket; empty for an address of the network. */
    public Optional<Path> path() {
        return host.filter(Host.LocalSocket.class::isInstance).map(socket -> Path.of(socket.text()));
    }

    /** As a user writes it. */
    public String text() {
        return path().map(path -> UNIX + path)
                .orElseGet(() -> host.map(Host::bracketed).orElse("") + ":" + port);
    }
}
