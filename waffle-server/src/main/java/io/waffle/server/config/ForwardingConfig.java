// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;

/**
 * How requests and responses are passed on.
 *
 * @param preserveHost true sends the client's Host, false the backend's authority
 * @param trustedProxies peers whose X-Forwarded-* and Forwarded fields are believed
 * @param allowTrace whether TRACE is forwarded
 * @param underscores what is done about field names with an underscore
 * @param rawTargets what is done about bytes of a target beyond ASCII
 * @param forwarded whether Forwarded (RFC 7239) is written
 * @param via whether Via is written
 * @param leniency whether responses are taken whose heads have lines that end in LF alone
 * @param requestHeaders what is changed in the fields of requests
 * @param responseHeaders what is changed in the fields of responses
 */
public record ForwardingConfig(
        boolean preserveHost,
        CidrSet trustedProxies,
        boolean allowTrace,
        Underscores underscores,
        RawTargets rawTargets,
        boolean forwarded,
        boolean via,
        boolean leniency,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders) {

    /** What is done about field names of requests that have an underscore. */
    public enum Underscores {
        DROP,
        PASS,
        REFUSE
    }

    /** What is done about bytes of a target beyond ASCII. */
    public enum RawTargets {
        REFUSE,
        ENCODE
    }

    /** Whether what this peer says of the client is believed. */
    public boolean trusts(ClientAddress peer) {
        return trustedProxies.contains(peer);
    }
}
