// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/**
 * Where the PROXY protocol is spoken.
 *
 * @param from of a listener: peers that begin each connection with a header of it, which says whom the connection is from
 * @param send of a pool: what each connection to a backend begins with
 */
public record ProxyProtocolConfig(CidrSet from, Send send) {

    /** Which version is sent. */
    public enum Send {
        OFF(0),
        V1(1),
        V2(2);

        private final int version;

        Send(int version) {
            this.version = version;
        }

        /** 1 or 2; 0 for none. */
        public int version() {
            return version;
        }
    }
}
