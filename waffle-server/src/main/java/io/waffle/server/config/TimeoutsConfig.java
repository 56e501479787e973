// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;

/**
 * Deadlines. They are checked about every tenth of a second.
 *
 * @param tlsHandshake from accepting a connection to the end of its TLS handshake
 * @param requestHead from the first byte of a request to the end of its head; 408 past it
 * @param keepAlive how long a client connection may idle between requests
 * @param request for a request until its response begins, but for the time its body takes; 0 for no bound; 504 past it
 * @param body how long a body, either way, may stand still
 * @param connect for a connection to a backend, with its TLS handshake; 504 past it
 * @param queue how long a request waits while all backends are full; 503 past it
 * @param firstByte from the end of a request to the response head; 504 past it
 * @param backendKeepAlive how long a backend connection may idle
 * @param backendLifetime how long a backend connection is used, about; 0 for no bound
 * @param tunnel how long a tunnel (WebSocket) may stand still
 * @param drain how long a graceful stop waits for what is in flight
 * @param responseIdle how long a response may stand still, its backend sending nothing
 * @param tunnelFin how long a tunnel one side of which has ended may stand still
 * @param attempt for each try until its response begins, but for the time its body takes; 0 for no bound
 * @param response from the head of a response to its end; 0 for no bound
 */
public record TimeoutsConfig(
        Duration tlsHandshake,
        Duration requestHead,
        Duration keepAlive,
        Duration request,
        Duration body,
        Duration connect,
        Duration queue,
        Duration firstByte,
        Duration backendKeepAlive,
        Duration backendLifetime,
        Duration tunnel,
        Duration drain,
        Duration responseIdle,
        Duration tunnelFin,
        Duration attempt,
        Duration response) {}
