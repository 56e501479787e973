// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.Host;
import io.waffle.server.config.InvalidValue;
import java.util.Locale;

/**
 * The host a request is for: one name, or all names below one. Port, letter case and one final dot of the request's host do not count.
 *
 * @param name in lower case, without a final dot; an IPv6 address in brackets
 * @param wildcard whether it means the names below: one label more, or several, and never the name itself
 */
public record HostMatch(String name, boolean wildcard) {

    private static final String EXPECTED =
            "a host without a port, such as www.example.org, *.example.org, 192.0.2.1 or [::1]";

    /** Reads {@code www.example.org} or {@code *.example.org}. */
    public static HostMatch parse(String text) throws InvalidValue {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean wildcard = lower.startsWith("*.");
        String name = wildcard ? lower.substring(2) : lower;
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        try {
            if (name.startsWith("[") && name.endsWith("]") && !wildcard) {
                Host.Address address = Host.Address.parse(name.substring(1, name.length() - 1));
                return new HostMatch(address.bracketed(), false);
            }
            Host host = Host.parse(name);
            if (!wildcard || host instanceof Host.Name) {
                return new HostMatch(name, wildcard);
            }
        } catch (InvalidValue e) {
            // Falls through: one description of the whole says more than the part that is wrong.
        }
        throw new InvalidValue(EXPECTED);
    }

    /** As it is configured: {@code *.example.org}. */
    @Override
    public String toString() {
        return wildcard ? "*." + name : name;
    }
}
