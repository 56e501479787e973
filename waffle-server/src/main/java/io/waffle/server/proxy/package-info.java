// SPDX-License-Identifier: Apache-2.0
/**
 * The road of a request: the listener, the two sides of an exchange, bodies, and the one place that tries again.
 *
 * <p>May not be asked by anything but {@code run}. Begin at {@link io.waffle.server.proxy.ProxyListener} and read the road downwards:
 * {@code ClientConnection}, {@code Exchange}, {@code Forwarder}, {@code Conversation}, {@code BodyRelay}.
 */
package io.waffle.server.proxy;
