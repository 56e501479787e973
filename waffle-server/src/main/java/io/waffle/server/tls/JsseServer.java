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

    private final SSLContext context;
    private final TlsPolicy policy;
    private final Mode clients;
    private final IdentityCache<TlsIdentity> identities = new IdentityCache<>(identity -> identity);

    private JsseServer(SSLContext context, TlsPolicy policy, Mode clients) {
        this.context = context;
        this.policy = policy;
        this.clients = clients;
    }

    static JsseServer of(TlsSetup setup) throws TlsConfigException {
        KeyManager keys = setup.identity().isPresent()
                ? new IdentityKeyManager(setup.identity().get())
                : new NamedKeyManager();
        SSLContext context =
                TlsRules.context(new KeyManager[] {keys}, setup.clients().managers());
        Optional<TlsConfigException> unknown = setup.policy().unknownTo(context);
        if (unknown.isPresent()) {
            throw unknown.get();
        }
        return new JsseServer(context, setup.policy(), setup.clients().mode());
    }

    @Override
    public void prepare(NamedCertificate certificate, TlsIdentity identity) {
        identities.put(certificate, identity);
    }

    @Override
    public TlsRecords accept(PlainChannel socket, @Nullable CertificateTable certificates) {
        return new JsseRecords(
                engine(certificates),
                socket,
                certificates == null ? null : new JsseHandshake(certificates, identities));
    }

    /** An engine knows nothing of the peer's address: JSSE has no use for it here, and nobody is tempted to look up its name. */
    private SSLEngine engine(@Nullable CertificateTable certificates) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = policy.parameters();
        if (certificates != null && certificates.refuses(null)) {
            parameters.setSNIMatchers(List.of(new Known(certificates)));
        }
        if (clients == Mode.REQUIRED) {
            parameters.setNeedClientAuth(true);
        } else if (clients == Mode.OPTIONAL) {
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
