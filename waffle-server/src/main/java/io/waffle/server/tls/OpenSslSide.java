// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import org.jspecify.annotations.Nullable;

/**
 * A listener's TLS for the clients that are asked the same ({@link ClientPolicy}). Sessions made by one are resumed by no other.
 *
 * @param tickets null for keys that OpenSSL makes up
 */
record OpenSslSide(
        ClientPolicy policy,
        OpenSslContext context,
        @Nullable TicketKeys tickets) {}
