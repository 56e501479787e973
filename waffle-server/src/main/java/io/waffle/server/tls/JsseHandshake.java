// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What JSSE asks us in a handshake, by its {@link NamedKeyManager}: with which certificate the name the client asks for is served. It asks on the
 * thread that does its arithmetic, which is where this is found.
 */
final class JsseHandshake {

    private static final ThreadLocal<@Nullable JsseHandshake> CURRENT = new ThreadLocal<>();

    private final CertificateTable certificates;
    private final IdentityCache<TlsIdentity> identities;

    /** What was chosen, by its alias: JSSE asks for the key and the chain in a second step. */
    private final Map<String, TlsIdentity> chosen = new HashMap<>();

    JsseHandshake(CertificateTable certificates, IdentityCache<TlsIdentity> identities) {
        this.certificates = certificates;
        this.identities = identities;
    }

    /** Does some of the arithmetic, with an answer to what is asked. */
    void run(Runnable task) {
        CURRENT.set(this);
        try {
            task.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** What is under way on this thread. */
    static @Nullable JsseHandshake current() {
        return CURRENT.get();
    }

    /** The alias of what is shown by whoever has a key of this kind; null for nothing. */
    @Nullable
    String choose(String keyType, SSLEngine engine) {
        String asked = asked(engine);
        if (certificates.refuses(asked)) {
            return null;
        }
        String own = choose(keyType, certificates.of(asked));
        return own == null ? choose(keyType, certificates.fallback()) : own;
    }

    private @Nullable String choose(String keyType, List<NamedCertificate> kinds) {
        for (NamedCertificate certificate : kinds) {
            if (certificate.facts().keyAlgorithm().equals(keyType)) {
                TlsIdentity identity = identities.find(certificate);
                if (identity != null) {
                    String alias = certificate.file().toString();
                    chosen.put(alias, identity);
                    return alias;
                }
            }
        }
        return null;
    }

    @Nullable
    TlsIdentity chosen(@Nullable String alias) {
        return chosen.get(alias);
    }

    private static @Nullable String asked(SSLEngine engine) {
        return engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames().stream()
                        .findFirst()
                        .map(JsseHandshake::text)
                        .orElse(null)
                : null;
    }

    static String text(SNIServerName name) {
        return new String(name.getEncoded(), ISO_8859_1);
    }
}
