// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds a backend that is the listener itself, so that each request would be sent in a circle. Names are not looked up, but for {@code localhost}: where
 * one leads may change, and what comes back is refused anyway.
 */
public final class OwnListener {

    private final Optional<Host> listening;
    private @Nullable Set<InetAddress> own;

    private OwnListener(Optional<Host> listening) {
        this.listening = listening;
    }

    /** The first of these backends that leads there. */
    public static Optional<BackendConfig> among(List<BackendConfig> backends, ListenAddress listen) {
        OwnListener listener = new OwnListener(listen.host());
        return backends.stream()
                .filter(backend -> backend.port() == listen.port() && listener.isReachedBy(backend.host()))
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

    private boolean isReachedBy(Host host) {
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

    private boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress() || own().contains(address);
    }

    /** The addresses of this machine: asked for once, since the system takes as long for one as for all. */
    private Set<InetAddress> own() {
        Set<InetAddress> known = own;
        if (known == null) {
            known = found();
            own = known;
        }
        return known;
    }

    private static Set<InetAddress> found() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            return Set.of(); // whoever asks is told nothing; the request will be, if it comes back
        }
    }

    private static Optional<InetAddress> address(Host host) {
        return switch (host) {
            case Host.Address literal -> Optional.of(literal.at());
            case Host.Name name when name.equals(Host.LOCALHOST) -> Optional.of(InetAddress.getLoopbackAddress());
            case Host.Name name -> Optional.empty();
            case Host.LocalSocket socket -> Optional.empty();
        };
    }
}
