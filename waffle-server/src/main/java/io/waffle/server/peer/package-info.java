// SPDX-License-Identifier: Apache-2.0
/**
 * Who is at the other end of a connection, where another has accepted it for us, or we for another: the PROXY protocol, versions 1 and 2, read and
 * written.
 *
 * <p>May not know sockets, nor who is believed. Begin at {@link io.waffle.server.peer.ProxyHeader}.
 */
package io.waffle.server.peer;
