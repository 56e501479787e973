// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.Setting;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.TlsSettings;
import io.waffle.server.tls.TlsConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which setting an error of a listener's TLS is about. */
final class TlsPlaces {

    /** Those that name files, which have to be there before they are read. */
    static final List<Setting<?>> ALL = List.of(TlsSettings.CERT, TlsSettings.KEY, TlsSettings.CERTIFICATES);

    private TlsPlaces() {}

    static Setting<?> of(TlsConfigException e, TlsConfig config) {
        return switch (e.part()) {
            case CERTIFICATES -> TlsSettings.CERTIFICATES;
            case PROVIDER -> TlsSettings.PROVIDER;
            case CIPHERS -> TlsSettings.CIPHERS;
            case GROUPS -> TlsSettings.GROUPS;
            case CLIENT_CERTIFICATES, FILE -> isAbout(e, config.keyFile()) ? TlsSettings.KEY : TlsSettings.CERT;
        };
    }

    private static boolean isAbout(TlsConfigException e, Optional<Path> file) {
        return file.filter(e::isAbout).isPresent();
    }
}
