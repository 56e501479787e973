// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Optional;

/**
 * A place where clients connect, and what is asked of them there. Of the sections it shares with others only what is about clients is read from here.
 *
 * @param name {@code default} for the one of {@code listen}
 * @param tls empty for a plain one
 * @param redirectsToHttps whether it serves nothing itself, and sends everybody to the same place by https
 * @param mode who may connect to a Unix domain socket: the permissions of its file, as chmod(2) takes them
 * @param access which clients it serves, before any route is asked
 */
public record ListenerConfig(
        String name,
        ListenAddress address,
        Optional<TlsConfig> tls,
        ForwardingConfig forwarding,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        boolean redirectsToHttps,
        ProxyProtocolConfig proxyProtocol,
        int mode,
        AccessConfig access) {

    /** Of a Unix domain socket of which nothing is said: its owner may connect. */
    static final int OWNER = 0600;
}
