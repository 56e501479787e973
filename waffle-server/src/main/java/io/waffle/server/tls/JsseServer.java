// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.config.ClientCertificatesConfig.Mode;
import io.waffle.server.loop.PlainChannel;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** A listener's TLS by the Java runtime. Thread-safe. */
final class JsseServer implements TlsServer {

    private final ClientPolicies clients;

    /** One for each policy, the listener's own first: none has the sessions or the keys of tickets of another. */
    private final List<SSLContext> contexts;

    private final TlsPolicy policy;
    private final IdentityCache<TlsIdentity> identities = new IdentityCache<>(identity -> identity);

    private JsseServer(ClientPolicies clients, List<SSLContext> contexts, TlsPolicy policy) {
        this.clients = clients;
        this.contexts = List.copyOf(contexts);
        this.policy = policy;
    }

    static JsseServer of(TlsSetup setup) throws TlsConfigException {
        KeyManager keys = setup.identity().isPresent()
                ? new IdentityKeyManager(setup.identity().get())
                : new NamedKeyManager();
        List<SSLContext> contexts = setup.clients().all().stream()
                .map(each ->
                        TlsRules.context(new KeyManager[] {keys}, each.trust().managers()))
                .toList();
        Optional<TlsConfigException> unknown = setup.policy().unknownTo(contexts.getFirst());
        if (unknown.isPresent()) {
            throw unknown.get();
        }
        return new JsseServer(setup.clients(), contexts, setup.policy());
    }

    @Override
    public void prepare(NamedCertificate certificate, TlsIdentity identity) {
        identities.put(certificate, identity);
    }

    @Override
    public TlsRecords accept(PlainChannel socket, @Nullable CertificateTable certificates) {
        return clients.dependOnName()
                ? new JsseRecords(new JsseHello(asked -> begin(asked, certificates)), socket)
                : new JsseRecords(begin(null, certificates), socket);
    }

    /** With who asks for this name, or for none. */
    private JsseBeginning begin(@Nullable String asked, @Nullable CertificateTable certificates) {
        int chosen = clients.find(asked);
        ClientPolicy client = clients.all().get(chosen);
        return new JsseBeginning(
                engine(contexts.get(chosen), client.trust().mode(), certificates),
                client,
                certificates == null ? null : new JsseHandshake(certificates, identities),
                asked);
    }

    /** An engine knows nothing of the peer's address: JSSE has no use for it here, and nobody is tempted to look up its name. */
    private SSLEngine engine(SSLContext context, Mode mode, @Nullable CertificateTable certificates) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = policy.parameters();
        if (certificates != null && certificates.refuses(null)) {
            parameters.setSNIMatchers(List.of(new Known(certificates)));
        }
        if (mode == Mode.REQUIRED) {
            parameters.setNeedClientAuth(true);
        } else if (mode == Mode.OPTIONAL) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Any other name gets the alert for that. */
    private static final class Known extends SNIMatcher {

        private final CertificateTable certificates;

        Known(CertificateTable certificates) {
            super(StandardConstants.SNI_HOST_NAME);
            this.certificates = certificates;
        }

        @Override
        public boolean matches(SNIServerName name) {
            return certificates.knows(JsseHandshake.text(name));
        }
    }
}
