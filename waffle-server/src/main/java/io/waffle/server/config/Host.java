// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The host of a URL or of an address to listen on: a name, which has to be looked up, or an address, which never is. It is told which where
 * it is read, once, and nobody guesses again: {@code app1} is a name, though it ends in a digit.
 */
public sealed interface Host {

    /** It means this host, whatever a name server says (RFC 6761 section 6.3). */
    Name LOCALHOST = new Name("localhost");

    /** As it stands in a URL: in lower case, an IPv6 address in its canonical form (RFC 5952) and without its brackets. */
    String text();

    /** As it stands before a port: an IPv6 address in brackets (RFC 3986 section 3.2.2). */
    String bracketed();

    /** What a name server has to be asked for, or the hosts file. */
    record Name(String text) implements Host {

        /** Underscores are no part of a host name by RFC 952, but are in the service names of container networks. */
        private static final Pattern FORM = Pattern.compile(
                "(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.?");

        @Override
        public String bracketed() {
            return text;
        }
    }

    /** What can be connected to as it is. */
    record Address(String text, InetAddress at) implements Host {

        private static final Pattern IPV4 =
                Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
        private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

        /** Reads an IPv4 address in four decimal numbers, or an IPv6 address without brackets and zone; asks nobody. */
        public static Address parse(String text) throws InvalidValue {
            String lower = text.toLowerCase(Locale.ROOT);
            if (IPV4.matcher(lower).matches() || IPV6.matcher(lower).matches()) {
                try {
                    InetAddress at = InetAddress.ofLiteral(lower);
                    return new Address(
                            at instanceof Inet6Address ? ClientAddress.of(at).toString() : lower, at);
                } catch (IllegalArgumentException e) {
                    // Falls through: looked like an address and is none.
                }
            }
            throw new InvalidValue("an IPv4 or IPv6 address");
        }

        @Override
        public String bracketed() {
            return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
        }
    }

    /**
     * Reads a name or an IPv4 address. What ends in a number is meant as an address (RFC 3696 section 2, and the URL standard of WHATWG): a
     * name server knows none of it, and each C library makes another address of {@code 1.2.3} or {@code 0x7f.1}.
     */
    static Host parse(String text) throws InvalidValue {
        String lower = text.toLowerCase(Locale.ROOT);
        if (endsInNumber(lower)) {
            if (Address.IPV4.matcher(lower).matches()) {
                return Address.parse(lower);
            }
        } else if (Name.FORM.matcher(lower).matches()) {
            return new Name(lower);
        }
        throw new InvalidValue("a host name, an IPv4 address or an IPv6 address in brackets");
    }

    private static boolean endsInNumber(String lower) {
        String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        String last = bare.substring(bare.lastIndexOf('.') + 1);
        boolean decimal = !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
        return decimal || (last.startsWith("0x") && last.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0));
    }
}
