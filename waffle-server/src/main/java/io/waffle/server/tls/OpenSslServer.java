// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.PlainChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A listener's TLS by OpenSSL. Thread-safe. */
final class OpenSslServer implements TlsServer {

    private final ClientPolicies clients;

    /** One for each policy, the listener's own first. */
    private final List<OpenSslSide> sides;

    private final IdentityCache<OpenSslIdentity> identities = new IdentityCache<>(OpenSslIdentity::of);

    private OpenSslServer(ClientPolicies clients, List<OpenSslSide> sides) {
        this.clients = clients;
        this.sides = List.copyOf(sides);
    }

    static OpenSslServer of(TlsSetup setup, Clock clock) throws TlsConfigException {
        try {
            List<OpenSslSide> sides = new ArrayList<>();
            for (ClientPolicy policy : setup.clients().all()) {
                sides.add(side(setup, policy, clock));
            }
            return new OpenSslServer(setup.clients(), sides);
        } catch (SSLException e) {
            throw new TlsConfigException(
                    TlsConfigException.Part.PROVIDER, "OpenSSL cannot be set up: " + e.getMessage());
        }
    }

    private static OpenSslSide side(TlsSetup setup, ClientPolicy policy, Clock clock)
            throws SSLException, TlsConfigException {
        OpenSslContext context = OpenSslContext.of(setup.policy());
        if (setup.identity().isPresent()) {
            show(context, setup.identity().get());
        } else {
            context.showByName();
        }
        if (setup.clients().dependOnName()) {
            context.chooseByHello();
        }
        byte[] binding = setup.binding(policy.trust());
        context.bindSessions(binding);
        if (policy.trust().asks()) {
            context.askClients(policy.trust());
        }
        TicketKeys tickets = null;
        if (setup.ticketSecret().hasRemaining()) {
            tickets = new TicketKeys(setup.ticketSecret().array(), binding, clock);
            context.askForTicketKeys();
        }
        return new OpenSslSide(policy, context, tickets);
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
            sides.getFirst().context().tryOut(made);
            identities.put(certificate, made);
        } catch (SSLException e) {
            throw refused(certificate.file(), e);
        }
    }

    @Override
    public TlsRecords accept(PlainChannel socket, @Nullable CertificateTable certificates) throws IOException {
        OpenSslSide own = sides.getFirst();
        boolean asks = certificates != null || own.tickets() != null || clients.dependOnName();
        return new OpenSslRecords(own, socket, asks ? new OpenSslHandshake(this, certificates) : null);
    }

    /** The listener's own. */
    OpenSslSide own() {
        return sides.getFirst();
    }

    /** The one for who asks for this name, or for none. */
    OpenSslSide side(@Nullable String asked) {
        return sides.get(clients.find(asked));
    }

    IdentityCache<OpenSslIdentity> identities() {
        return identities;
    }
}
