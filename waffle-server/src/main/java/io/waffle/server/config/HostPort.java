// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@code HOST:PORT}, as in a URL's authority or a listen address.
 *
 * @param host in lower case; a name, an IPv4 address, or an IPv6 address without its brackets; maybe empty
 * @param port -1 if none is given
 */
record HostPort(String host, int port) {

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");
    /** Underscores are no part of a host name by RFC 952, but are in the service names of container networks. */
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.?");

    static HostPort parse(String text) throws InvalidValue {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : Math.max(text.lastIndexOf(':'), 0);
        if (hostEnd == 0 && !text.startsWith(":") && !text.startsWith("[")) {
            hostEnd = text.length();
        }
        String host = host(text.substring(0, hostEnd).toLowerCase(Locale.ROOT));
        String rest = text.substring(hostEnd);
        return new HostPort(host, rest.isEmpty() ? -1 : port(rest));
    }

    /** An address literal, or nothing that was looked up. */
    static InetAddress literal(String text) throws InvalidValue {
        if (IPV4.matcher(text).matches()
                || IPV6.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException e) {
                // Falls through: looked like an address and is none.
            }
        }
        throw new InvalidValue("an IPv4 or IPv6 address");
    }

    private static String host(String text) throws InvalidValue {
        if (text.startsWith("[")) {
            String address = text.substring(1, text.length() - 1);
            if (literal(address) instanceof Inet6Address) {
                return address;
            }
        }
        boolean numeric = text.matches("(.*\\.)?[0-9]+");
        if (text.isEmpty() || (numeric ? IPV4 : NAME).matcher(text).matches()) {
            return text;
        }
        throw new InvalidValue("a host name, an IPv4 address or an IPv6 address in brackets");
    }

    private static int port(String text) throws InvalidValue {
        if (text.matches(":[0-9]{1,5}")) {
            int port = Integer.parseInt(text.substring(1));
            if (port <= 65_535) {
                return port;
            }
        }
        throw new InvalidValue("a port of at most 65535");
    }
}
