// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Passes what JSSE asks on to the handshake that is under way. Thread-safe: it has no state. */
final class NamedKeyManager extends X509ExtendedKeyManager {

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        JsseHandshake current = JsseHandshake.current();
        return current == null || engine == null ? null : current.choose(keyType, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        TlsIdentity chosen = chosen(alias);
        return chosen == null ? null : chosen.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        TlsIdentity chosen = chosen(alias);
        return chosen == null ? null : chosen.key();
    }

    private static @Nullable TlsIdentity chosen(@Nullable String alias) {
        JsseHandshake current = JsseHandshake.current();
        return current == null ? null : current.chosen(alias);
    }

    @Override // there are engines only
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override // nor does anybody ask for all
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override // never a client's
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override // never a client's
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }
}
