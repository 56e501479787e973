// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.PlainChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A listener's TLS by OpenSSL. Thread-safe. */
final class OpenSslServer implements TlsServer {

    private final OpenSslContext context;
    private final IdentityCache<OpenSslIdentity> identities = new IdentityCache<>(OpenSslIdentity::of);

    private final @Nullable TicketKeys tickets;

    private OpenSslServer(OpenSslContext context, @Nullable TicketKeys tickets) {
        this.context = context;
        this.tickets = tickets;
    }

    static OpenSslServer of(TlsSetup setup, Clock clock) throws TlsConfigException {
        try {
            OpenSslContext context = OpenSslContext.of(setup.policy());
            if (setup.identity().isPresent()) {
                show(context, setup.identity().get());
            } else {
                context.showByName();
            }
            context.bindSessions(setup.binding());
            if (setup.clients().asks()) {
                context.askClients(setup.clients());
            }
            TicketKeys tickets = null;
            if (setup.ticketSecret().hasRemaining()) {
                tickets = new TicketKeys(setup.ticketSecret().array(), setup.binding(), clock);
                context.askForTicketKeys();
            }
            return new OpenSslServer(context, tickets);
        } catch (SSLException e) {
            throw new TlsConfigException(
                    TlsConfigException.Part.PROVIDER, "OpenSSL cannot be set up: " + e.getMessage());
        }
    }

    private static void show(OpenSslContext context, TlsIdentity identity) throws TlsConfigException {
        try {
            context.show(OpenSslIdentity.of(identity));
        } catch (SSLException e) {
            throw refused(identity.file(), e);
        }
    }

    private static TlsConfigException refused(Path file, SSLException e) {
        return new TlsConfigException(
                file, "OpenSSL does not take it, " + e.getMessage(), "another one, or tls.provider jsse", e);
    }

    @Override
    public void prepare(NamedCertificate certificate, TlsIdentity identity) throws TlsConfigException {
        try {
            OpenSslIdentity made = OpenSslIdentity.of(identity);
            context.tryOut(made);
            identities.put(certificate, made);
        } catch (SSLException e) {
            throw refused(certificate.file(), e);
        }
    }

    @Override
    public TlsRecords accept(PlainChannel socket, @Nullable CertificateTable certificates) throws IOException {
        boolean asks = certificates != null || tickets != null;
        return new OpenSslRecords(
                context, socket, asks ? new OpenSslHandshake(certificates, identities, tickets) : null);
    }
}
