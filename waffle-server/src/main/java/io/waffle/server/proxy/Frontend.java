// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.ListenerConfig;
import io.waffle.server.tls.ServerTls;
import java.util.Optional;

/**
 * A listener as it is configured, with what was made of the files it names.
 *
 * @param tls empty for a plain one
 */
public record Frontend(ListenerConfig config, Optional<ServerTls> tls) {}
