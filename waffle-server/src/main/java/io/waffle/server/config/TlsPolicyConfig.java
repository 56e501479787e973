// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.List;
import java.util.Optional;

/**
 * Which TLS a listener speaks.
 *
 * @param profile what holds unless something more precise is said
 * @param minVersion the lowest version; the profile's if not given
 * @param ciphers names of cipher suites, the preferred first; for versions of which none is named, the profile's
 * @param groups names of groups for the key exchange, the preferred first; the provider's own if none is named
 */
public record TlsPolicyConfig(
        Profile profile, Optional<Version> minVersion, List<String> ciphers, List<String> groups) {

    public static final TlsPolicyConfig DEFAULT =
            new TlsPolicyConfig(Profile.INTERMEDIATE, Optional.empty(), List.of(), List.of());

    /** Whom it is for. */
    public enum Profile {
        /** Clients with TLS 1.3 only. */
        MODERN,
        /** Those with TLS 1.2, too. */
        INTERMEDIATE
    }

    /** A version of the protocol. */
    public enum Version {
        TLS_1_2("1.2"),
        TLS_1_3("1.3");

        private final String number;

        Version(String number) {
            this.number = number;
        }

        /** As one writes it. */
        public String number() {
            return number;
        }
    }

    public TlsPolicyConfig {
        ciphers = List.copyOf(ciphers);
        groups = List.copyOf(groups);
    }

    /** The lowest version that is spoken. */
    public Version lowest() {
        return minVersion.orElse(profile == Profile.MODERN ? Version.TLS_1_3 : Version.TLS_1_2);
    }
}
