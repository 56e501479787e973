// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.AdminSettings;
import io.waffle.server.config.ClientCertificatesConfig;
import io.waffle.server.config.Configuration;
import io.waffle.server.config.HealthSettings;
import io.waffle.server.config.LoggingSettings;
import io.waffle.server.config.Setting;
import io.waffle.server.config.StickySettings;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.TlsSettings;
import io.waffle.server.config.WaffleConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is odd about a configuration and no error: settings that have no effect as things are, and secrets that are none. */
public final class Warnings {

    private final Configuration configuration;
    private final WaffleConfig config;
    private final List<String> found = new ArrayList<>();

    private Warnings(Configuration configuration) {
        this.configuration = configuration;
        this.config = configuration.config();
    }

    /** One line each. */
    public static List<String> of(Configuration configuration) {
        Warnings warnings = new Warnings(configuration);
        warnings.effects();
        warnings.secrets();
        return warnings.found;
    }

    private void effects() {
        if (config.pools().stream().noneMatch(pool -> pool.health().active())
                && !configuration.origins().settings().containsKey(HealthSettings.DISABLED)) {
            unless(HealthSettings.PATH, HealthSettings.INTERVAL, HealthSettings.TIMEOUT);
        }
        if (!config.accessLog().enabled()) {
            unless(
                    LoggingSettings.ACCESS_LOG,
                    LoggingSettings.ACCESS_LOG_FORMAT,
                    LoggingSettings.ACCESS_LOG_MAX_SIZE,
                    LoggingSettings.ACCESS_LOG_KEEP);
        }
        if (config.pools().stream().noneMatch(pool -> pool.sticky().enabled())) {
            unless(
                    StickySettings.COOKIE,
                    StickySettings.KEY_FILE,
                    StickySettings.MAX_AGE,
                    StickySettings.PATH,
                    StickySettings.SAME_SITE,
                    StickySettings.DRAIN,
                    StickySettings.CACHEABLE);
        }
        tlsEffects();
        if (config.admin().listen().isEmpty()) {
            unless(AdminSettings.LISTEN, AdminSettings.TOKEN);
        }
    }

    private void tlsEffects() {
        List<TlsConfig> all = config.listeners().stream()
                .flatMap(listener -> listener.tls().stream())
                .toList();
        if (all.isEmpty()) {
            unless(
                    TlsSettings.CERT,
                    TlsSettings.UNKNOWN_NAMES,
                    TlsSettings.PROFILE,
                    TlsSettings.MIN_VERSION,
                    TlsSettings.CIPHERS,
                    TlsSettings.GROUPS,
                    TlsSettings.CLIENT_MODE,
                    TlsSettings.NAMES_MODE,
                    TlsSettings.TICKET_KEY);
        } else if (all.stream().flatMap(TlsConfig::allClients).noneMatch(ClientCertificatesConfig::enabled)) {
            unless(TlsSettings.CLIENT_MODE, TlsSettings.CLIENT_CA, TlsSettings.CLIENT_CRL, TlsSettings.CLIENT_FORWARD);
        }
    }

    /** Those that were set do nothing without the first. */
    private void unless(Setting<?> needed, Setting<?>... settings) {
        for (Setting<?> setting : settings) {
            if (configuration.origins().settings().containsKey(setting)) {
                found.add(configuration.origin(setting) + ": without effect, since there is no " + needed.name());
            }
        }
    }

    private void secrets() {
        Stream.of(
                        config.listeners().stream()
                                .flatMap(listener -> listener.tls().stream())
                                .flatMap(TlsConfig::secrets),
                        config.pools().stream().flatMap(pool -> pool.backendTls().keyFile().stream()),
                        config.pools().stream().flatMap(pool -> pool.sticky().keyFiles().stream()),
                        config.admin().tokenFile().stream())
                .flatMap(files -> files)
                .distinct()
                .filter(Warnings::isForOthers)
                .forEach(file -> found.add(
                        file + ": others on this machine can read this secret (chmod o= takes that from them)"));
    }

    private static boolean isForOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // nothing is known against it
        }
    }
}
