// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How names of backends are looked up.
 *
 * @param interval how often, at the least; zero for each connection anew, and then a name is one backend
 * @param grace how long an address stays that the answers leave out
 * @param servers whom to ask; none for those the host is configured to
 */
public record DnsConfig(Duration interval, Duration grace, List<InetSocketAddress> servers) {

    public DnsConfig {
        servers = List.copyOf(servers);
    }

    /** By the name servers of the host. */
    public DnsConfig(Duration interval, Duration grace) {
        this(interval, grace, List.of());
    }
}
