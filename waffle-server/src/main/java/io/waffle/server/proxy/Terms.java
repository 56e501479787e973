// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.tls.ClientTls;
import io.waffle.server.tls.ServerTls;
import java.util.Optional;

/**
 * What requests are served by: a configuration, and what was made of the files it names.
 *
 * @param tls empty for a plain listener
 * @param accessLog empty for none
 * @param resolver knows where names of backends are
 */
public record Terms(
        WaffleConfig config,
        Optional<ServerTls> tls,
        ClientTls backendTls,
        Optional<AccessLog> accessLog,
        Resolver resolver) {}
