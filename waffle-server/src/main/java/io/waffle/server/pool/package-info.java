// SPDX-License-Identifier: Apache-2.0
/**
 * Backends, how they stand and their record, the snapshot that is chosen from, the strategy in use and its containment, stickiness, the queue.
 *
 * <p>May not know heads nor the sockets of clients. Begin at {@link io.waffle.server.pool.Pool} for choosing, and at
 * {@code Roster} for what changes.
 */
package io.waffle.server.pool;
