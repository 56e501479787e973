// SPDX-License-Identifier: Apache-2.0
/**
 * How much one client may have: rates of requests, connections and requests at once. Counted in tables of bounded size, without locks, by keys that
 * nobody outside can choose.
 *
 * <p>May not know requests, nor what is done to who has too much. Begin at {@link io.waffle.server.limit.RateLimiter}.
 */
package io.waffle.server.limit;
