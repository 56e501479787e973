// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.peer;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.IpLiteral;
import io.waffle.server.peer.ProxyHeader.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The header as a line of text: {@code PROXY TCP4 192.0.2.1 198.51.100.1 56324 443}, in the one spelling the protocol has (section 2.1). */
final class VersionOne {

    /** With its line end; no value can make it longer. */
    private static final int LONGEST = 107;

    private static final byte[] BEGINNING = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_PORT = 65_535;

    private final ByteBuffer in;
    private int at = BEGINNING.length;
    private int end;

    VersionOne(ByteBuffer in) {
        this.in = in;
    }

    @Nullable
    ProxyHeader read(int received) throws InvalidHeader {
        ProxyHeader.expect(BEGINNING, in, received);
        int lineEnd = lineEnd(Math.min(received, LONGEST));
        if (lineEnd < 0) {
            if (received >= LONGEST) {
                throw new InvalidHeader("its PROXY line is longer than " + LONGEST + " bytes");
            }
            return null;
        }
        end = lineEnd - 1;
        if (lineEnd <= BEGINNING.length || in.get(end) != '\r') {
            throw new InvalidHeader("its PROXY line does not end in CRLF");
        }
        int length = lineEnd + 1;
        return switch (word()) {
            case "UNKNOWN" -> new ProxyHeader(length, Kind.PEER, null); // whatever else it says is to be ignored
            case "TCP4" -> new ProxyHeader(length, Kind.INET, ends(true));
            case "TCP6" -> new ProxyHeader(length, Kind.INET, ends(false));
            default -> throw new InvalidHeader("its PROXY line is neither of TCP4 and TCP6 nor UNKNOWN");
        };
    }

    /** One for a connection with these ends; null if they are not known. */
    static byte[] write(@Nullable Endpoints ends) {
        if (ends == null) {
            return "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        }
        boolean v4 = ends.client().isIPv4() && ends.own().isIPv4();
        String line = "PROXY " + (v4 ? "TCP4 " : "TCP6 ") + text(ends.client(), v4) + " " + text(ends.own(), v4) + " "
                + ends.clientPort() + " " + ends.ownPort() + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(ClientAddress address, boolean v4) {
        return !v4 && address.isIPv4() ? "::ffff:" + address : address.toString();
    }

    private int lineEnd(int limit) {
        for (int i = BEGINNING.length; i < limit; i++) {
            if (in.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private Endpoints ends(boolean v4) throws InvalidHeader {
        ClientAddress source = address(v4);
        ClientAddress destination = address(v4);
        int sourcePort = port();
        int destinationPort = port();
        if (at <= end) {
            throw new InvalidHeader("its PROXY line has more than two addresses and two ports");
        }
        return new Endpoints(source, sourcePort, destination, destinationPort);
    }

    private ClientAddress address(boolean v4) throws InvalidHeader {
        int to = wordEnd();
        IpLiteral literal = new IpLiteral();
        boolean valid = to > at && (v4 ? literal.readV4(in, at, to) : literal.readV6(in, at, to));
        if (!valid) {
            throw new InvalidHeader("its PROXY line has no address where one belongs");
        }
        at = to + 1;
        return new ClientAddress(literal.high(), literal.low());
    }

    private int port() throws InvalidHeader {
        int to = wordEnd();
        int value = 0;
        for (int i = at; i < to && value >= 0; i++) {
            int digit = in.get(i) - '0';
            value = digit < 0 || digit > 9 || value > MOST_PORT ? -1 : 10 * value + digit;
        }
        boolean padded = to - at > 1 && in.get(at) == '0';
        if (value < 0 || value > MOST_PORT || to <= at || padded) {
            throw new InvalidHeader("its PROXY line has no port where one belongs");
        }
        at = to + 1;
        return value;
    }

    /** The next word, and the blank behind it is behind us. */
    private String word() {
        int to = wordEnd();
        byte[] bytes = new byte[to - at];
        in.get(at, bytes);
        at = to + 1;
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int wordEnd() {
        int to = Math.min(at, end);
        while (to < end && in.get(to) != ' ') {
            to++;
        }
        return to;
    }
}
