// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes to meaning and back: heads parsed in place, body framing, rewriting, dates.
 *
 * <p>May not know who asks, nor where bytes come from. Begin at {@link io.waffle.server.http.RequestHead}.
 */
package io.waffle.server.http;
