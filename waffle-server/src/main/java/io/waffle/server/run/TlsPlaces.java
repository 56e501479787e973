// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.BackendTlsConfig;
import io.waffle.server.config.Setting;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.TlsSettings;
import io.waffle.server.tls.TlsConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which setting an error of TLS is about. */
final class TlsPlaces {

    /** Those that name files, which have to be there before they are read. */
    static final List<Setting<?>> ALL = List.of(
            TlsSettings.CERT,
            TlsSettings.KEY,
            TlsSettings.CERTIFICATES,
            TlsSettings.CLIENT_MODE,
            TlsSettings.CLIENT_CA,
            TlsSettings.CLIENT_CRL,
            TlsSettings.TICKET_KEY);

    /** The same towards backends. */
    static final List<Setting<?>> OF_BACKENDS =
            List.of(TlsSettings.BACKEND_CA, TlsSettings.BACKEND_CERT, TlsSettings.BACKEND_KEY);

    private TlsPlaces() {}

    static Setting<?> of(TlsConfigException e, BackendTlsConfig config) {
        if (isAbout(e, config.keyFile())) {
            return TlsSettings.BACKEND_KEY;
        }
        return isAbout(e, config.certFile()) ? TlsSettings.BACKEND_CERT : TlsSettings.BACKEND_CA;
    }

    static Setting<?> of(TlsConfigException e, TlsConfig config) {
        return switch (e.part()) {
            case CERTIFICATES -> TlsSettings.CERTIFICATES;
            case PROVIDER -> TlsSettings.PROVIDER;
            case CIPHERS -> TlsSettings.CIPHERS;
            case GROUPS -> TlsSettings.GROUPS;
            case FILE -> file(e, config);
        };
    }

    private static Setting<?> file(TlsConfigException e, TlsConfig config) {
        if (isAbout(e, config.keyFile())) {
            return TlsSettings.KEY;
        } else if (isAbout(e, config.clients().caFile())) {
            return TlsSettings.CLIENT_CA;
        } else if (isAbout(e, config.clients().crlFile())) {
            return TlsSettings.CLIENT_CRL;
        }
        return isAbout(e, config.ticketKeyFile()) ? TlsSettings.TICKET_KEY : TlsSettings.CERT;
    }

    private static boolean isAbout(TlsConfigException e, Optional<Path> file) {
        return file.filter(e::isAbout).isPresent();
    }
}
