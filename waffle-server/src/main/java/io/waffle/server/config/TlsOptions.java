// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Reads what is set for TLS, of a listener and towards backends. */
final class TlsOptions extends SectionReader {

    /** As many bytes as the keys of session tickets have. */
    private static final int TICKET_SECRET = 32;

    private final TlsNames names;

    TlsOptions(Values values, Sources sources, Collection<Problem> problems) {
        super(values, sources, problems);
        this.names = new TlsNames(values, sources, problems);
    }

    /** Where the files of names are named, as far as they have been read. */
    Map<String, Origin> places() {
        return names.places();
    }

    /** TLS of a listener; none without certificates. */
    Optional<TlsConfig> ofListener() {
        Optional<Path> cert = values.file(TlsSettings.CERT);
        Optional<Path> key = values.file(TlsSettings.KEY);
        requireBoth(TlsSettings.CERT, TlsSettings.KEY);
        requireBoth(TlsSettings.KEY, TlsSettings.CERT);
        Optional<Path> folder = values.find(TlsSettings.CERTIFICATES);
        folder.flatMap(FileChecks::noFolder)
                .ifPresent(reason -> refuse(TlsSettings.CERTIFICATES, folder, "a folder that can be read; " + reason));
        ClientCertificatesConfig clients = clientCertificates();
        TlsConfig tls = new TlsConfig(
                cert,
                key,
                values.get(TlsSettings.PROVIDER),
                folder,
                values.get(TlsSettings.UNKNOWN_NAMES),
                new TlsPolicyConfig(
                        values.get(TlsSettings.PROFILE),
                        values.find(TlsSettings.MIN_VERSION),
                        values.list(TlsSettings.CIPHERS),
                        values.list(TlsSettings.GROUPS)),
                clients,
                ticketKey(),
                names.read(clients));
        return tls.hasCertificates() ? Optional.of(tls) : Optional.empty();
    }

    private ClientCertificatesConfig clientCertificates() {
        ClientCertificatesConfig clients = new ClientCertificatesConfig(
                values.get(TlsSettings.CLIENT_MODE),
                values.file(TlsSettings.CLIENT_CA),
                values.file(TlsSettings.CLIENT_CRL),
                values.get(TlsSettings.CLIENT_FORWARD));
        if (clients.enabled() && !values.given(TlsSettings.CLIENT_CA)) {
            problems.add(Problem.of(
                    values.origin(TlsSettings.CLIENT_MODE),
                    LoggingConfig.written(clients.mode()),
                    TlsSettings.CLIENT_CA.name() + " with it, for the authorities that vouch for clients"));
        }
        return clients;
    }

    private Optional<Path> ticketKey() {
        Optional<Path> file = values.file(TlsSettings.TICKET_KEY);
        file.flatMap(path -> SecretFile.problem(path, TICKET_SECRET))
                .ifPresent(expected -> refuse(TlsSettings.TICKET_KEY, file, expected));
        return file;
    }

    /** TLS towards backends. */
    BackendTlsConfig ofBackends() {
        BackendTlsConfig tls = new BackendTlsConfig(
                values.file(TlsSettings.BACKEND_CA),
                values.get(TlsSettings.BACKEND_VERIFY),
                values.find(TlsSettings.BACKEND_SERVER_NAME),
                values.file(TlsSettings.BACKEND_CERT),
                values.file(TlsSettings.BACKEND_KEY));
        requireBoth(TlsSettings.BACKEND_CERT, TlsSettings.BACKEND_KEY);
        requireBoth(TlsSettings.BACKEND_KEY, TlsSettings.BACKEND_CERT);
        return tls;
    }

    private void requireBoth(Setting<Path> one, Setting<Path> other) {
        if (values.given(one) && !values.given(other) && !sources.lacksValue(other)) {
            refuse(
                    one,
                    values.find(one),
                    other.name() + " with it; a certificate needs its key, and a key its certificate");
        }
    }
}
