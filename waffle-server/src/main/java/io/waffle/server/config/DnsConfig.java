// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;

/**
 * How names of backends are looked up.
 *
 * @param interval how often, at the least; zero for each connection anew, and then a name is one backend
 * @param grace how long an address stays that the answers leave out
 */
public record DnsConfig(Duration interval, Duration grace) {}
