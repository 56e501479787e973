// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.PlainChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * TLS as a listener speaks it. A client that offers no ALPN is served; one that offers something and not {@code http/1.1} gets the
 * {@code no_application_protocol} alert (RFC 7301 section 3.2). Immutable, thread-safe; keeps the sessions clients may resume.
 */
public final class ServerTls {

    private final TlsIdentity identity;
    private final Sessions sessions;
    private final String implementation;

    /** Starts TLS on an accepted connection. */
    private interface Sessions {
        TlsRecords on(PlainChannel socket) throws IOException;
    }

    private ServerTls(TlsIdentity identity, Sessions sessions, String implementation) {
        this.identity = identity;
        this.sessions = sessions;
        this.implementation = implementation;
    }

    /**
     * Reads both files now. They may be one and the same.
     *
     * @param certFile PEM, the listener's certificate and those that lead from it to a root its clients know
     * @param keyFile PEM, PKCS#8, PKCS#1 or SEC1, not encrypted
     * @param clock tells which certificates have expired
     */
    public static ServerTls load(Path certFile, Path keyFile, Clock clock, TlsProvider provider)
            throws TlsConfigException {
        TlsIdentity identity = TlsIdentity.load(certFile, keyFile, clock);
        if (provider == TlsProvider.JSSE) {
            return byJava(identity, "");
        }
        Optional<String> problem = openSslProblem();
        if (problem.isEmpty()) {
            return byOpenSsl(identity, certFile);
        }
        if (provider == TlsProvider.OPENSSL) {
            throw new TlsConfigException("OpenSSL cannot be used: " + problem.get());
        }
        return byJava(identity, " (no OpenSSL: " + problem.get() + ")");
    }

    /** Why the system's OpenSSL cannot be used; empty if it can. */
    public static Optional<String> openSslProblem() {
        return Optional.of(OpenSslContext.problem()).filter(problem -> !problem.isEmpty());
    }

    private static ServerTls byOpenSsl(TlsIdentity identity, Path certFile) throws TlsConfigException {
        try {
            OpenSslContext context = OpenSslContext.of(identity);
            return new ServerTls(identity, socket -> new OpenSslRecords(context, socket), OpenSsl.version());
        } catch (SSLException e) {
            throw new TlsConfigException(
                    certFile, "OpenSSL does not take it, " + e.getMessage(), "another one, or tls.provider jsse", e);
        }
    }

    private static ServerTls byJava(TlsIdentity identity, String remark) {
        KeyManager[] keyManagers = {new IdentityKeyManager(identity)};
        SSLContext context = TlsRules.context(keyManagers, new TrustManager[0]);
        return new ServerTls(
                identity, socket -> new JsseRecords(engine(context), socket), "Java " + Runtime.version() + remark);
    }

    /** An engine knows nothing of the peer's address: JSSE has no use for it here, and nobody is tempted to look up its name. */
    private static SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(TlsRules.parameters());
        return engine;
    }

    /** What a person should know about these files, one line each; empty if all is well. */
    public List<String> warnings() {
        return identity.warnings();
    }

    /** Whether the other one shows the same certificates with the same key in the same manner, so that it need not take the place of this. */
    public boolean isLike(ServerTls other) {
        return identity.equals(other.identity) && implementation.equals(other.implementation);
    }

    /** Whose TLS it is, with its version. */
    public String implementation() {
        return implementation;
    }

    TlsRecords records(PlainChannel socket) throws IOException {
        return sessions.on(socket);
    }
}
