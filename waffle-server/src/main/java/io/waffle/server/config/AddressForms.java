// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.api.ClientAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The forms of addresses: to listen on, of backends, of trusted proxies. */
final class AddressForms {

    static final Form<ListenAddress> LISTEN = new Form<>(
            "[HOST]:PORT", "a port of 0 (any free one) to 65535, or unix:/PATH", AddressForms::listenAnywhere);

    static final Form<ListenAddress> TCP =
            new Form<>("[HOST]:PORT", "a port of 0 (any free one) to 65535", AddressForms::listen);

    static final Form<ListenAddress> LOOPBACK =
            new Form<>("LOOPBACK:PORT", "a port of 0 (any free one) to 65535", AddressForms::loopback);

    static final Form<BackendUrl> BACKEND = new Form<>("URL", "http or https", given -> BackendUrl.parse(given.text()));

    static final Form<InetSocketAddress> NAME_SERVER =
            new Form<>("ADDRESS[:PORT]", "addresses, with a port other than 53 if need be", AddressForms::nameServer);

    static final Form<Host.Address> ADDRESS =
            new Form<>("ADDRESS", "an IPv4 or IPv6 address", given -> Host.Address.parse(given.text()));

    static final Form<Cidr> CIDR = new Form<>("CIDR", "addresses or blocks", AddressForms::cidr);

    /** Permissions of a file. */
    static final Form<Integer> MODE = new Form<>("MODE", "three octal digits, such as 0660", given -> {
        if (!given.text().matches("0?[0-7]{3}")) {
            throw new InvalidValue("three octal digits, for owner, group and others, such as 0660");
        }
        return Integer.parseInt(given.text(), 8);
    });

    private AddressForms() {}

    private static ListenAddress listenAnywhere(RawValue given) throws InvalidValue {
        return given.text().startsWith(ListenAddress.UNIX)
                ? ListenAddress.unix(given.text().substring(ListenAddress.UNIX.length()))
                : listen(given);
    }

    private static ListenAddress listen(RawValue given) throws InvalidValue {
        String expected = "[HOST]:PORT with a port of 0 to 65535, such as :8080, 127.0.0.1:8080 or [::1]:8080";
        try {
            HostPort parsed = HostPort.parse(given.text());
            if (parsed.port() >= 0) {
                return new ListenAddress(parsed.host(), parsed.port());
            }
        } catch (InvalidValue e) {
            // Falls through: one description of the whole says more than the part that is wrong.
        }
        throw new InvalidValue(expected + (isPort(given.text()) ? "; did you mean :" + given.text() + "?" : ""));
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535;
    }

    /** By its text; what localhost resolves to is looked at when it is bound. */
    private static ListenAddress loopback(RawValue given) throws InvalidValue {
        ListenAddress address = listen(given);
        boolean loopback = address.host().isPresent()
                && switch (address.host().get()) {
                    case Host.Name name -> name.equals(Host.LOCALHOST);
                    case Host.Address literal -> literal.at().isLoopbackAddress();
                    case Host.LocalSocket socket -> false;
                };
        if (!loopback) {
            throw new InvalidValue(
                    "a loopback address, such as 127.0.0.1:9901, [::1]:9901 or localhost:9901; put a proxy with"
                            + " authentication in front to reach it from elsewhere");
        }
        return address;
    }

    private static InetSocketAddress nameServer(RawValue given) throws InvalidValue {
        HostPort parsed = HostPort.parse(given.text());
        if (parsed.port() != 0 && parsed.host().orElse(Host.LOCALHOST) instanceof Host.Address address) {
            return new InetSocketAddress(address.at(), parsed.port() < 0 ? 53 : parsed.port());
        }
        throw new InvalidValue("the address of a name server, such as 10.0.0.53, 127.0.0.1:5353 or [fd00::53]");
    }

    private static Cidr cidr(RawValue given) throws InvalidValue {
        if (given.text().equals("unix") || given.text().equals("unix:")) { // the latter as nginx writes it
            return Cidr.UNIX;
        }
        String expected = "an address or a block, such as 192.0.2.1, 10.0.0.0/8 or fd00::/8";
        String[] parts = given.text().split("/", 2);
        InetAddress address;
        try {
            address = Host.Address.parse(parts[0]).at();
        } catch (InvalidValue e) {
            throw new InvalidValue(expected);
        }
        int bits = address instanceof Inet4Address ? 32 : 128;
        int prefix = bits;
        if (parts.length > 1) {
            prefix = parts[1].matches("[0-9]{1,3}") ? Integer.parseInt(parts[1]) : -1;
        }
        if (prefix < 0 || prefix > bits) {
            throw new InvalidValue(expected);
        }
        return block(address, prefix);
    }

    /** Bits past the prefix are a slip more often than not: {@code 10.1.2.3/8} trusts far more than it seems to. */
    private static Cidr block(InetAddress address, int prefix) throws InvalidValue {
        byte[] bytes = address.getAddress();
        byte[] first = bytes.clone();
        for (int bit = prefix; bit < 8 * bytes.length; bit++) {
            first[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        ClientAddress network = ClientAddress.of(address);
        int prefixOf128 = prefix + 128 - 8 * bytes.length;
        if (!Arrays.equals(bytes, first)) {
            throw new InvalidValue("no bits beyond the prefix, so " + written(first) + "/" + prefix);
        }
        return new Cidr(network, prefixOf128);
    }

    private static String written(byte[] address) {
        try {
            return ClientAddress.of(InetAddress.getByAddress(address)).toString();
        } catch (UnknownHostException e) {
            throw new AssertionError("as long as the address it was made of", e);
        }
    }
}
