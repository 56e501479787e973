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
 *
 * <p>On the road of a start the two are told apart by {@code instanceof}: a switch over types is spun as code at each start, 15 ms and more.
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

        private static final int LONGEST = 253;
        private static final int LONGEST_LABEL = 63;

        /** Labels that neither begin nor end with a dash, and a dot behind the last if one likes. */
        private static boolean isName(String lower) {
            if (lower.isEmpty() || lower.length() > LONGEST) {
                return false;
            }
            int begin = 0;
            int last = lower.length() - (lower.endsWith(".") ? 1 : 0);
            for (int i = 0; i <= last; i++) {
                if (i == last || lower.charAt(i) == '.') {
                    if (i == begin
                            || i - begin > LONGEST_LABEL
                            || lower.charAt(begin) == '-'
                            || lower.charAt(i - 1) == '-') {
                        return false;
                    }
                    begin = i + 1;
                } else if (!isOfLabel(lower.charAt(i))) {
                    return false;
                }
            }
            return true;
        }

        /** Underscores are no part of a host name by RFC 952, but are in the service names of container networks. */
        private static boolean isOfLabel(char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }

        @Override
        public String bracketed() {
            return text;
        }
    }

    /** What can be connected to as it is. */
    record Address(String text, InetAddress at) implements Host {

        private static final int MOST_DIGITS = 3;
        private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

        /** Reads an IPv4 address in four decimal numbers, or an IPv6 address without brackets and zone; asks nobody. */
        public static Address parse(String text) throws InvalidValue {
            String lower = text.toLowerCase(Locale.ROOT);
            if (isIpv4(lower) || IPV6.matcher(lower).matches()) {
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

        /** Four numbers of 0 to 255 with dots between, none with a nought before it, which some read as octal. */
        private static boolean isIpv4(String text) {
            int numbers = 0;
            int begin = 0;
            for (int i = 0; i <= text.length(); i++) {
                if (i == text.length() || text.charAt(i) == '.') {
                    if (!isByte(text, begin, i)) {
                        return false;
                    }
                    numbers++;
                    begin = i + 1;
                }
            }
            return numbers == 4;
        }

        private static boolean isByte(String text, int begin, int end) {
            int value = Digits.number(text, begin, end, MOST_DIGITS);
            boolean padded = end - begin > 1 && text.charAt(begin) == '0';
            return value >= 0 && value <= 255 && !padded;
        }

        @Override
        public String bracketed() {
            return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
        }
    }

    /**
     * A socket of this host that has a path instead of an address (unix(7)).
     *
     * @param text the path
     */
    record LocalSocket(String text) implements Host {

        /** What the host takes (struct sockaddr_un). */
        private static final int LONGEST = 107;

        private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._/+@=,-]*[A-Za-z0-9._+@=,-]");

        static LocalSocket parse(String path) throws InvalidValue {
            if (path.length() > LONGEST || !PATH.matcher(path).matches()) {
                throw new InvalidValue("an absolute path of at most 107 letters, digits and ._/+@=,- behind unix:");
            }
            return new LocalSocket(path);
        }

        /** What is asked for there. */
        @Override
        public String bracketed() {
            return LOCALHOST.text();
        }
    }

    /**
     * Reads a name or an IPv4 address. What ends in a number is meant as an address (RFC 3696 section 2, and the URL standard of WHATWG): a
     * name server knows none of it, and each C library makes another address of {@code 1.2.3} or {@code 0x7f.1}.
     */
    static Host parse(String text) throws InvalidValue {
        String lower = text.toLowerCase(Locale.ROOT);
        if (endsInNumber(lower)) {
            if (Address.isIpv4(lower)) {
                return Address.parse(lower);
            }
        } else if (Name.isName(lower)) {
            return new Name(lower);
        }
        throw new InvalidValue("a host name, an IPv4 address or an IPv6 address in brackets");
    }

    private static boolean endsInNumber(String lower) {
        int end = lower.length() - (lower.endsWith(".") ? 1 : 0);
        int begin = lower.lastIndexOf('.', end - 1) + 1;
        boolean hexadecimal = lower.startsWith("0x", begin);
        int radix = hexadecimal ? 16 : 10;
        int digits = hexadecimal ? begin + 2 : begin;
        for (int i = digits; i < end; i++) {
            char c = lower.charAt(i);
            if (c > 'f' || Character.digit(c, radix) < 0) {
                return false;
            }
        }
        return hexadecimal || end > digits;
    }
}
