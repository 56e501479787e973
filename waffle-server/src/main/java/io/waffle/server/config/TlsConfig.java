// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * TLS of a listener. It has a certificate with its key, or a folder of them, or both.
 *
 * @param certFile its certificate chain, as a PEM file
 * @param keyFile its private key, as a PEM file
 * @param provider whose TLS it speaks
 * @param certificates a folder with a certificate for each name
 * @param unknownNames what becomes of who asks for a name there is no certificate for
 * @param policy versions, ciphers and groups
 * @param clients what is asked of clients
 * @param ticketKeyFile a secret that instances share, so that they resume each other's sessions
 * @param names what is asked of clients that ask for these names, in place of {@code clients}: by {@linkplain ServerNamePatterns name or wildcard}
 */
public record TlsConfig(
        Optional<Path> certFile,
        Optional<Path> keyFile,
        Provider provider,
        Optional<Path> certificates,
        UnknownNames unknownNames,
        TlsPolicyConfig policy,
        ClientCertificatesConfig clients,
        Optional<Path> ticketKeyFile,
        Map<String, ClientCertificatesConfig> names) {

    /** Whose TLS it is. */
    public enum Provider {
        AUTO,
        OPENSSL,
        JSSE
    }

    /** What becomes of who asks for a name there is no certificate for, or for none. */
    public enum UnknownNames {
        /** They are shown the default certificate. */
        DEFAULT,
        /** They get an alert. */
        REFUSE
    }

    /** One certificate, and all else as it is by default. */
    public static TlsConfig of(Path certFile, Path keyFile, Provider provider) {
        return new TlsConfig(
                Optional.of(certFile),
                Optional.of(keyFile),
                provider,
                Optional.empty(),
                UnknownNames.DEFAULT,
                TlsPolicyConfig.DEFAULT,
                ClientCertificatesConfig.OFF,
                Optional.empty(),
                Map.of());
    }

    public TlsConfig {
        names = Map.copyOf(names);
    }

    /** Which of the names this host falls under; nothing if it is asked what the listener asks. */
    public Optional<String> nameFor(String host) {
        return ServerNamePatterns.of(names.keySet(), ServerNamePatterns.canonical(host));
    }

    /** What is asked of clients of this host. */
    public ClientCertificatesConfig clientsOf(String host) {
        return nameFor(host).map(names::get).orElse(clients);
    }

    /** Whether a request for this host may not come by a connection that was made with this name. */
    public boolean isMisdirected(String serverName, String host) {
        ClientCertificatesConfig agreed = clientsOf(serverName);
        ClientCertificatesConfig wanted = clientsOf(host);
        return !wanted.equals(agreed) && (wanted.enabled() || agreed.enabled());
    }

    /** All that is asked of anybody. */
    public Stream<ClientCertificatesConfig> allClients() {
        return Stream.concat(Stream.of(clients), names.values().stream());
    }

    /** Whether there is anything to show. */
    boolean hasCertificates() {
        return (certFile.isPresent() && keyFile.isPresent()) || certificates.isPresent();
    }

    /** The files it names, the folder not among them. */
    public Stream<Path> files() {
        return Stream.concat(
                        Stream.of(certFile, keyFile, ticketKeyFile),
                        allClients().flatMap(each -> Stream.of(each.caFile(), each.crlFile())))
                .flatMap(Optional::stream)
                .distinct();
    }

    /** Those of them that nobody else should read. */
    public Stream<Path> secrets() {
        return Stream.of(keyFile, ticketKeyFile).flatMap(Optional::stream);
    }
}
