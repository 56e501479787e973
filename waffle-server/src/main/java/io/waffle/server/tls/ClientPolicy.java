// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.config.ClientCertificatesConfig;

/**
 * What is asked of clients, of those of a listener or of some of its names. Immutable.
 *
 * <p>Two are the same object where they were read together, or one after the other without a change; so whoever holds one can tell at a glance whether
 * it is still in force.
 */
public final class ClientPolicy {

    /** Nothing is asked. */
    public static final ClientPolicy NOTHING = new ClientPolicy(ClientCertificatesConfig.OFF, ClientTrust.NOBODY);

    private final ClientCertificatesConfig config;
    private final ClientTrust trust;

    ClientPolicy(ClientCertificatesConfig config, ClientTrust trust) {
        this.config = config;
        this.trust = trust;
    }

    ClientCertificatesConfig config() {
        return config;
    }

    ClientTrust trust() {
        return trust;
    }

    /** Whether backends are told what clients have shown. */
    public boolean forwards() {
        return trust.forward();
    }

    /** Whether the same is asked, of the same authorities: also if what their files say has changed meanwhile. */
    public boolean asksAs(ClientPolicy other) {
        return this == other || config.equals(other.config);
    }

    boolean isLike(ClientPolicy other) {
        return asksAs(other) && trust.equals(other.trust);
    }
}
