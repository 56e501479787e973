// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.util.Locale;

/** Names of servers as certificates have them and clients ask for them (RFC 9525 section 6.3). */
final class ServerNames {

    static final String WILDCARD = "*.";

    private ServerNames() {}

    /** The form names are compared in: lower case, without the dot that may stand behind the last label. */
    static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether a certificate may have this name: a wildcard is the whole of the leftmost label and there is something behind it, or there is none. */
    static boolean isUsable(String canonical) {
        String rest = canonical.startsWith(WILDCARD) ? canonical.substring(WILDCARD.length()) : canonical;
        return !rest.isEmpty() && rest.indexOf('*') < 0;
    }

    /** What a wildcard for this name would have behind its star and dot; empty if there can be none. */
    static String parent(String canonical) {
        int dot = canonical.indexOf('.');
        return dot <= 0 ? "" : canonical.substring(dot + 1);
    }
}
