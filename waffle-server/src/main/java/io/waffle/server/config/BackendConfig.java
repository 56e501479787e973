// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A backend as configured.
 *
 * @param url where it is
 * @param weight 1 to 65,535; 0 for a backend that is to get no new request
 * @param inFlight the most requests it is sent at once; 0 for no bound
 * @param labels free words for strategies
 * @param healthPort where its active checks go; empty for its own
 * @param healthPath what they ask for; empty for what is asked of all
 * @param address the one of its host's addresses it is at; empty for any, looked up for each connection
 * @param draining whether it is to get no new request for now, whatever its weight
 * @param backup whether it gets requests only while no other can have them
 */
public record BackendConfig(
        BackendUrl url,
        int weight,
        int inFlight,
        Map<String, String> labels,
        Optional<Integer> healthPort,
        Optional<String> healthPath,
        Optional<InetAddress> address,
        boolean draining,
        boolean backup) {

    public BackendConfig {
        labels = Map.copyOf(labels);
    }

    /** One that gets requests. */
    public BackendConfig(
            BackendUrl url,
            int weight,
            int inFlight,
            Map<String, String> labels,
            Optional<Integer> healthPort,
            Optional<String> healthPath) {
        this(url, weight, inFlight, labels, healthPort, healthPath, Optional.empty(), false, false);
    }

    /** The same at one of its host's addresses. */
    public BackendConfig at(InetAddress one) {
        return new BackendConfig(
                url, weight, inFlight, labels, healthPort, healthPath, Optional.of(one), draining, backup);
    }

    /** The same with another weight. */
    public BackendConfig withWeight(int other) {
        return new BackendConfig(url, other, inFlight, labels, healthPort, healthPath, address, draining, backup);
    }

    /** The same, draining or not. */
    public BackendConfig withDraining(boolean other) {
        return new BackendConfig(url, weight, inFlight, labels, healthPort, healthPath, address, other, backup);
    }

    /** The same, as a backup or not. */
    public BackendConfig withBackup(boolean other) {
        return other == backup
                ? this
                : new BackendConfig(url, weight, inFlight, labels, healthPort, healthPath, address, draining, other);
    }

    /** The name of the backend in its pool: {@code host:port} in lower case, the path prefix, and {@code @address} if it is one of several. */
    public String id() {
        return address.isEmpty() ? name() : name() + "@" + ClientAddress.of(address.get());
    }

    /** The id of what it is one of several addresses of; its own if it is not. */
    public String name() {
        return url.name();
    }

    /** The path prefix of its URL; empty for none. */
    public String path() {
        return url.path();
    }

    /** Its URL. */
    public URI uri() {
        return url.uri();
    }

    /** The host of its URL. */
    public Host host() {
        return url.host();
    }

    /** The port of its URL. */
    public int port() {
        return url.port();
    }

    /** The port its active checks go to. */
    public int checkPort() {
        return healthPort.orElseGet(this::port);
    }

    public boolean tls() {
        return uri().getScheme().equals("https");
    }
}
