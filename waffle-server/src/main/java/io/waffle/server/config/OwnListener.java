// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;

/**
 * Finds a backend that is the listener itself, so that each request would be sent in a circle. Names are not looked up, but for {@code localhost}: where
 * one leads may change, and what comes back is refused anyway.
 */
public final class OwnListener {

    private OwnListener() {}

    /** The first of these backends that leads there. */
    public static Optional<BackendConfig> among(List<BackendConfig> backends, ListenAddress listen) {
        return backends.stream()
                .filter(backend -> backend.port() == listen.port() && leadsTo(listen.host(), backend.host()))
                .findFirst();
    }

    /**
     * What is said of it at a start.
     *
     * @param via whether requests say that they have been here
     */
    public static String warning(BackendConfig backend, boolean via) {
        String end = via
                ? "comes back, and gets a 508"
                : "comes back again and again, until some limit is met: with forwarding.via off nobody knows it again";
        return "the backend " + backend.name() + " is this listener: what is sent to it " + end;
    }

    private static boolean leadsTo(Optional<Host> listening, Host host) {
        if (listening.isPresent() && listening.get().equals(host)) {
            return true;
        }
        Optional<InetAddress> to = address(host);
        Optional<InetAddress> at = listening.flatMap(OwnListener::address);
        if (to.isEmpty() || (at.isEmpty() && listening.isPresent())) {
            return false;
        }
        if (at.isEmpty() || at.get().isAnyLocalAddress()) {
            return isLocal(to.get());
        }
        boolean unspecific = host.equals(Host.LOCALHOST) || to.get().isAnyLocalAddress();
        return at.get().equals(to.get()) || (unspecific && isUsualLoopback(at.get()));
    }

    /** Where a connection to {@code localhost} ends, or to no address in particular. */
    private static boolean isUsualLoopback(InetAddress address) {
        return address.equals(InetAddress.getLoopbackAddress())
                || (address instanceof Inet6Address && address.isLoopbackAddress());
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false; // whoever asks is told nothing; the request will be, if it comes back
        }
    }

    private static Optional<InetAddress> address(Host host) {
        return switch (host) {
            case Host.Address literal -> Optional.of(literal.at());
            case Host.Name name when name.equals(Host.LOCALHOST) -> Optional.of(InetAddress.getLoopbackAddress());
            case Host.Name name -> Optional.empty();
        };
    }
}
