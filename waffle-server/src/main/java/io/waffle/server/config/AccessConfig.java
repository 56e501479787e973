// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;
import java.util.Optional;

/**
 * Which clients are served.
 *
 * @param allow those that are; empty for all
 * @param deny those that are not, whatever {@code allow} says
 */
public record AccessConfig(Optional<CidrSet> allow, CidrSet deny) {

    /** Everybody. */
    public static final AccessConfig EVERYBODY = new AccessConfig(Optional.empty(), CidrSet.NONE);

    /** Whether this client is served. */
    public boolean serves(ClientAddress client) {
        return !deny.contains(client) && (allow.isEmpty() || allow.get().contains(client));
    }
}
