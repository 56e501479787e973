// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;
import java.util.List;

/**
 * How requests are passed on.
 *
 * @param preserveHost true sends the client's Host, false the backend's authority
 * @param trustedProxies peers whose X-Forwarded-* and Forwarded fields are believed
 * @param allowTrace whether TRACE is forwarded
 */
public record ForwardingConfig(boolean preserveHost, List<Cidr> trustedProxies, boolean allowTrace) {

    public ForwardingConfig {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Whether what this peer says of the client is believed. */
    public boolean trusts(ClientAddress peer) {
        for (int i = 0; i < trustedProxies.size(); i++) {
            if (trustedProxies.get(i).contains(peer)) {
                return true;
            }
        }
        return false;
    }
}
