// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.peer;

import io.waffle.api.ClientAddress;

/**
 * The two ends of a connection from a client.
 *
 * @param client where it comes from
 * @param clientPort 0 if it is not known
 * @param own where it was accepted, by whoever accepted it first
 * @param ownPort the port there
 */
public record Endpoints(ClientAddress client, int clientPort, ClientAddress own, int ownPort) {}
