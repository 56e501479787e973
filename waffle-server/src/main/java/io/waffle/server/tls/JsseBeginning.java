// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * How a connection by JSSE begins.
 *
 * @param policy by which the peer is asked for a certificate
 * @param answers what JSSE is told when it asks; null if it has nothing to ask
 * @param asked the name that was chosen by; null for none, or if there was no choice
 */
record JsseBeginning(
        SSLEngine engine,
        ClientPolicy policy,
        @Nullable JsseHandshake answers,
        @Nullable String asked) {

    /** Ours of a connection to a backend. */
    static JsseBeginning ofClient(SSLEngine engine) {
        return new JsseBeginning(engine, ClientPolicy.NOTHING, null, null);
    }
}
