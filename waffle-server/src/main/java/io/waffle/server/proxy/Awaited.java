// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Channel;

/** What a direction of a conversation waits for: whose move it is, and what it is called when he does not make it (docs/deadlines.md). */
enum Awaited {
    /** The client sends more of its request. */
    REQUEST_BODY(true, Channel.READ, Fault.CLIENT_TOO_SLOW),
    /** The client sends the body it has asked about: it is the backend's move to say whether it wants it. */
    REQUEST_ASKED(true, Channel.READ, Fault.CLIENT_TOO_SLOW),
    /** The backend takes more of the request. */
    REQUEST_ROOM(false, Channel.WRITE, Fault.BACKEND_TIMEOUT),
    /** The backend begins its response before it has the whole request, which it need not. */
    RESPONSE_EARLY(false, Channel.READ, Fault.BACKEND_TIMEOUT),
    /** The backend begins its response, or asks for the body of the request. */
    RESPONSE_HEAD(false, Channel.READ, Fault.BACKEND_TIMEOUT),
    /** The backend sends more of its response. */
    RESPONSE_BODY(false, Channel.READ, Fault.BACKEND_TIMEOUT),
    /** The client takes more of the response. */
    RESPONSE_ROOM(true, Channel.WRITE, Fault.CLIENT_GONE),
    /** Anybody says anything in a tunnel: the client, */
    TUNNEL_UP(true, Channel.READ, Fault.CLIENT_GONE),
    /** or the backend. */
    TUNNEL_DOWN(false, Channel.READ, Fault.CLIENT_GONE);

    private final boolean ofClient;
    private final int ops;
    private final Fault fault;

    Awaited(boolean ofClient, int ops, Fault fault) {
        this.ofClient = ofClient;
        this.ops = ops;
        this.fault = fault;
    }

    int clientOps() {
        return ofClient ? ops : 0;
    }

    int backendOps() {
        return ofClient ? 0 : ops;
    }

    boolean isOfClient() {
        return ofClient;
    }

    /** What it is when the time for it is over. */
    Fault fault() {
        return fault;
    }

    /** Whether it is a matter of bytes in a body, of which there may have to be so many in a second. */
    boolean isPaced() {
        return this == REQUEST_BODY || this == REQUEST_ROOM || this == RESPONSE_BODY || this == RESPONSE_ROOM;
    }
}
