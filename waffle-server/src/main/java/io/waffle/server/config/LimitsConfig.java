// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/**
 * Bounds in bytes and counts.
 *
 * @param requestLine bytes of a request line; 414 past it
 * @param head bytes of a head, request or response; 431 past it, or 502
 * @param fields field lines of a head; 431 past it, or 502
 * @param requestBody bytes of a request body, 0 for no bound; 413 past it
 * @param connections client connections at once, 0 for as many as the file limit of the process allows
 * @param backendInFlight requests at once per backend, 0 for no bound
 * @param queue requests that wait for a backend that is not full
 * @param idleBackendConnections idle connections kept per backend
 * @param trailers bytes of the trailers of a request or response; 431 past it, or the rest is left out
 * @param memory bytes traffic may take in all, 0 for what the process has
 * @param minHeadRate bytes a second of a request head, after the first 5 s; 0 for no bound
 * @param minBodyRate bytes a second of a body, either way, after the first 5 s that were waited for it; 0 for no bound
 * @param clientInFlight requests of one client at once, 0 for no bound; 429 past it
 * @param clientConnections connections of one client at once, 0 for no bound
 */
public record LimitsConfig(
        int requestLine,
        int head,
        int fields,
        long requestBody,
        int connections,
        int backendInFlight,
        int queue,
        int idleBackendConnections,
        int trailers,
        long memory,
        int minHeadRate,
        int minBodyRate,
        int clientInFlight,
        int clientConnections) {}
