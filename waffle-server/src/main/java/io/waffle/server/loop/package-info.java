// SPDX-License-Identifier: Apache-2.0
/**
 * Event loops that carry virtual threads, plain channels that park on them, buffers and the memory budget, deadlines, and what runs elsewhere.
 *
 * <p>May not know TLS nor HTTP. Begin at {@link io.waffle.server.loop.Loop}, then {@link io.waffle.server.loop.Channel}.
 */
package io.waffle.server.loop;
