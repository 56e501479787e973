// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Collection;
import java.util.Optional;

/** Reads a listener, from its section or from the top. */
final class ListenerReader extends SectionReader {

    ListenerReader(Values values, Sources sources, Collection<Problem> problems) {
        super(values, sources, problems);
    }

    /** A listener, and where its values come from. */
    record Read(ListenerConfig config, Origins origins) {}

    /**
     * Reads what it has in common with the top; the rest is given.
     *
     * @param mode of the file of its socket
     */
    Read read(String name, ListenAddress address, boolean redirects, int mode, AccessConfig access) {
        TlsOptions tls = new TlsOptions(values, sources, problems);
        ListenerConfig config = new ListenerConfig(
                name,
                address,
                redirects ? Optional.empty() : tls.ofListener(),
                forwarding(),
                limits(),
                timeouts(),
                redirects,
                proxyProtocol(),
                mode,
                access);
        return new Read(config, new Origins(values.origins(), tls.places()));
    }
}
