// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.PlainChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A provider set up for a listener. It keeps the sessions clients may resume, and outlives reloads that change nothing but certificates. */
sealed interface TlsServer permits OpenSslServer, JsseServer {

    /**
     * Makes the default certificate of a table ready, which finds out whether it can be shown.
     *
     * @param identity what its files say
     * @throws TlsConfigException if the provider does not take it
     */
    void prepare(NamedCertificate certificate, TlsIdentity identity) throws TlsConfigException;

    /**
     * Starts TLS on an accepted connection.
     *
     * @param certificates what to choose from by name; null for the one that was set up
     */
    TlsRecords accept(PlainChannel socket, @Nullable CertificateTable certificates) throws IOException;
}
