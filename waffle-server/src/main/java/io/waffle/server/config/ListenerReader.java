// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Reads a listener, from its section or from the top. */
final class ListenerReader extends SectionReader {

    ListenerReader(Values values, Doors doors, Collection<Problem> problems) {
        super(values, doors, problems);
    }

    /** A listener, and where its values come from. */
    record Read(ListenerConfig config, Origins origins) {}

    Read read(String name, ListenAddress address, boolean redirects) {
        ListenerConfig config = new ListenerConfig(
                name,
                address,
                redirects ? Optional.empty() : tls(),
                forwarding(),
                limits(),
                timeouts(),
                redirects,
                proxyProtocol());
        return new Read(config, new Origins(values.origins(), Map.of()));
    }

    private Optional<TlsConfig> tls() {
        Optional<Path> cert = values.file(TlsSettings.CERT);
        Optional<Path> key = values.file(TlsSettings.KEY);
        requireBoth(TlsSettings.CERT, TlsSettings.KEY);
        requireBoth(TlsSettings.KEY, TlsSettings.CERT);
        Optional<Path> folder = values.find(TlsSettings.CERTIFICATES);
        folder.flatMap(FileChecks::noFolder)
                .ifPresent(reason -> refuse(TlsSettings.CERTIFICATES, folder, "a folder that can be read; " + reason));
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
                ClientCertificatesConfig.OFF,
                Optional.empty());
        return tls.hasCertificates() ? Optional.of(tls) : Optional.empty();
    }

    private void requireBoth(Setting<Path> one, Setting<Path> other) {
        if (values.given(one) && !values.given(other) && !doors.lacksValue(other)) {
            refuse(
                    one,
                    values.find(one),
                    other.name() + " with it; a certificate needs its key, and a key its certificate");
        }
    }
}
