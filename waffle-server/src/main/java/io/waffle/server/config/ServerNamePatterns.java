// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which of several names and wildcards a host falls under: its very name, else the longest wildcard. {@code *.example.org} is for all names below
 * {@code example.org}, however many labels they have more, as the hosts of routes are: what is kept by it should not lie open one label further down.
 */
public final class ServerNamePatterns {

    static final String WILDCARD = "*.";

    private ServerNamePatterns() {}

    /** Reads a name or a wildcard, into the form they are compared in. */
    static String parse(String text) throws InvalidValue {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean wildcard = lower.startsWith(WILDCARD);
        String name = withoutFinalDot(wildcard ? lower.substring(WILDCARD.length()) : lower);
        try {
            if (!name.endsWith(".") && Host.parse(name) instanceof Host.Name) {
                return wildcard ? WILDCARD + name : name;
            }
        } catch (InvalidValue e) {
            // Falls through: one description of the whole says more than the part that is wrong.
        }
        throw new InvalidValue("a host name such as www.example.org or *.example.org, no address");
    }

    /** The form hosts are compared in, of what a request names: in lower case, without its port and a final dot. */
    public static String canonical(String authority) {
        int colon = authority.length();
        while (colon > 0 && isDigit(authority.charAt(colon - 1))) {
            colon--;
        }
        boolean port = colon > 0 && authority.charAt(colon - 1) == ':';
        return withoutFinalDot((port ? authority.substring(0, colon - 1) : authority).toLowerCase(Locale.ROOT));
    }

    /**
     * The one that this host falls under.
     *
     * @param patterns as they are compared
     * @param host as it is compared
     */
    public static Optional<String> of(Set<String> patterns, String host) {
        if (host.isEmpty() || host.startsWith(".")) {
            return Optional.empty();
        }
        if (patterns.contains(host)) {
            return Optional.of(host);
        }
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            String wildcard = "*" + host.substring(dot);
            if (patterns.contains(wildcard)) {
                return Optional.of(wildcard);
            }
        }
        return Optional.empty();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String withoutFinalDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
