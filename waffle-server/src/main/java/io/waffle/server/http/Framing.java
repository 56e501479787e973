// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/** How the end of a message's content is found (RFC 9112 section 6). */
public enum Framing {
    /** There is no content. */
    NONE,
    /** Exactly as many bytes as {@code Content-Length} says. */
    LENGTH,
    /** Chunks, up to the last one and its trailers. */
    CHUNKED,
    /** All that comes until the sender closes; responses only. */
    CLOSE
}
