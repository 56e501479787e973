// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.config.BackendTlsConfig;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Offload;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS as Waffle speaks it to {@code https} backends; keeps the sessions it may resume.
 *
 * <p>The trust store of a Java runtime takes a quarter of a second to load, so it is loaded for the first connection that needs it, or by
 * {@link #prepare}: a load balancer without {@code https} backends starts without that.
 *
 * <p>Threading: any thread.
 */
public final class ClientTls {

    private final Optional<List<X509Certificate>> authorities;
    private final boolean verify;
    private final Optional<String> serverName;
    private final Optional<TlsIdentity> identity;
    private volatile @Nullable SSLContext context;

    private ClientTls(
            Optional<List<X509Certificate>> authorities,
            boolean verify,
            Optional<String> serverName,
            Optional<TlsIdentity> identity) {
        this.authorities = authorities;
        this.verify = verify;
        this.serverName = serverName;
        this.identity = identity;
    }

    /**
     * Reads the files now, if there are any. Without authorities those of the system are trusted: the Java runtime's, or those that
     * {@code -Djavax.net.ssl.trustStore} names. Where nobody is verified, whoever passes that tells the operator; the authorities are
     * read all the same, so that a wrong file does not hide until verification is switched on again.
     */
    public static ClientTls load(BackendTlsConfig config, Clock clock) throws TlsConfigException {
        Optional<List<X509Certificate>> authorities = Optional.empty();
        if (config.caFile().isPresent()) {
            authorities =
                    Optional.of(CertificatePem.read(PemFile.read(config.caFile().get(), CertificatePem.EXPECTED)));
        }
        Optional<TlsIdentity> identity = Optional.empty();
        if (config.certFile().isPresent() && config.keyFile().isPresent()) {
            identity = Optional.of(
                    TlsIdentity.load(config.certFile().get(), config.keyFile().get(), clock));
        }
        return new ClientTls(authorities, config.verify(), config.serverName(), identity);
    }

    /** What a person should know about the certificate backends are shown, one line each. */
    public List<String> warnings() {
        return identity.map(TlsIdentity::warnings).orElse(List.of());
    }

    /** Loads now what the first connection would load. For a start with {@code https} backends: a trust store of no use is found then. */
    public void prepare() throws TlsConfigException {
        ready();
    }

    private SSLContext context() {
        try {
            return ready();
        } catch (TlsConfigException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private SSLContext ready() throws TlsConfigException {
        SSLContext ready = context;
        return ready == null ? create() : ready;
    }

    private synchronized SSLContext create() throws TlsConfigException {
        SSLContext created = context;
        if (created == null) {
            TrustManager[] trust = verify ? trust(authorities) : new TrustManager[] {new TrustEveryone()};
            KeyManager[] keys = identity.map(own -> new KeyManager[] {new IdentityKeyManager(own)})
                    .orElse(new KeyManager[0]);
            created = TlsRules.context(keys, trust);
            context = created;
        }
        return created;
    }

    /** Whether the other one trusts the same and shows the same, so that it need not take the place of this. */
    public boolean isLike(ClientTls other) {
        return verify == other.verify
                && authorities.equals(other.authorities)
                && serverName.equals(other.serverName)
                && identity.equals(other.identity);
    }

    /** False if any certificate is accepted, for any name. */
    public boolean verifies() {
        return verify;
    }

    /**
     * An engine for one connection.
     *
     * @param host as the backend's URL has it, a name or an address literal: it is what the certificate must be for, and a name goes
     *     out as SNI. Never resolved here, in either direction.
     */
    SSLEngine engine(String host, int port) throws IOException {
        String name = nameOf(host);
        SSLEngine engine = offLoop().createSSLEngine(name, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters(name));
        return engine;
    }

    /**
     * The same on a blocking socket that is connected, which goes with this one.
     *
     * @throws IllegalStateException if the system's trust store cannot be used
     */
    public SSLSocket socket(Socket connected, String host, int port) throws IOException {
        String name = nameOf(host);
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(connected, name, port, true);
        socket.setSSLParameters(parameters(name));
        return socket;
    }

    private String nameOf(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return serverName.orElse(bare);
    }

    /**
     * What a connection to this host speaks and asks for. That the certificate is for the host is asked too, of whoever trusts not everyone.
     *
     * @param host a name or an address literal without brackets
     */
    private static SSLParameters parameters(String host) {
        SSLParameters parameters = TlsPolicy.DEFAULT.parameters();
        parameters.setServerNames(serverNames(host));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    private SSLContext offLoop() throws IOException {
        SSLContext ready = context;
        return ready == null ? Offload.BACKEND_HANDSHAKES.call(this::ready, Deadline.NONE) : ready;
    }

    /**
     * SNI is for host names only (RFC 6066 section 3), but for all of them: JSSE's own rule would leave out the one-word names of container
     * networks. A name with an underscore is none: JSSE's server side ends a handshake that asks for it.
     */
    private static List<SNIServerName> serverNames(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || isAddress(name)) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(name));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** No top-level domain ends in a digit (RFC 3696 section 2), and no name has a colon. */
    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]*[0-9]");
    }

    private static TrustManager[] trust(Optional<List<X509Certificate>> authorities) throws TlsConfigException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities.isPresent() ? keyStore(authorities.get()) : systemTrust());
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            TlsConfigException failure =
                    new TlsConfigException("the system trust store cannot be used: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /** A trust manager factory takes the lack of a key store to mean the system's. */
    private static @Nullable KeyStore systemTrust() {
        return null;
    }

    private static KeyStore keyStore(List<X509Certificate> certificates) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority-" + i, certificates.get(i));
        }
        return store;
    }
}
