// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/**
 * TLS as a listener speaks it. A client that offers no ALPN is served; one that offers something and not {@code http/1.1} gets the
 * {@code no_application_protocol} alert (RFC 7301 section 3.2). Immutable, thread-safe; keeps the sessions clients may resume.
 */
public final class ServerTls {

    private final SSLContext context;
    private final List<String> warnings;

    private ServerTls(SSLContext context, List<String> warnings) {
        this.context = context;
        this.warnings = warnings;
    }

    /**
     * Reads both files now. They may be one and the same.
     *
     * @param certFile PEM, the listener's certificate and those that lead from it to a root its clients know
     * @param keyFile PEM, PKCS#8, PKCS#1 or SEC1, not encrypted
     * @param clock tells which certificates have expired
     */
    public static ServerTls load(Path certFile, Path keyFile, Clock clock) throws TlsConfigException {
        TlsIdentity identity = TlsIdentity.load(certFile, keyFile, clock);
        KeyManager[] keyManagers = {new IdentityKeyManager(identity)};
        return new ServerTls(TlsRules.context(keyManagers, new TrustManager[0]), identity.warnings());
    }

    /** What a person should know about these files, one line each; empty if all is well. */
    public List<String> warnings() {
        return warnings;
    }

    /** An engine knows nothing of the peer's address: JSSE has no use for it here, and nobody is tempted to look up its name. */
    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(TlsRules.parameters());
        return engine;
    }
}
