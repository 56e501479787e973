// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The one form of a path that routes are held against, so that no spelling of a path escapes a route: what may be written without percent-encoding is
 * (RFC 3986 section 6.2.2.2), hexadecimal digits are capitals, bytes beyond ASCII are encoded, and several slashes count as one. Letter case
 * counts. Nothing else changes: {@code %2F} is no separator here and dot segments stay. Those who read on are {@link PathReading}.
 *
 * <p>What is forwarded are the bytes that came. Not thread-safe; allocates only for a path longer than all before.
 */
final class CanonicalPath {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = {};
    private int length;

    /** The path; valid until the next is read. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Whether a path is its own canonical form, and only reading: it has no {@code %}, {@code ;}, byte beyond ASCII, empty or dot segment. */
    static boolean isPlain(byte[] path, int length) {
        boolean previous = false;
        for (int i = 0; i < length; i++) {
            byte b = path[i];
            boolean pairs = b == '/' || b == '.';
            if (b == '%' || b == ';' || b < 0 || (pairs && previous)) {
                return false;
            }
            previous = pairs;
        }
        return true;
    }

    /** Reads a path as it came, of which the percent triplets are whole. */
    void read(byte[] raw, int rawLength) {
        if (bytes.length < 3 * rawLength + 1 + Words.PADDING) {
            bytes = new byte[3 * rawLength + 1 + Words.PADDING];
        }
        length = 0;
        for (int i = 0; i < rawLength; i++) {
            byte b = raw[i];
            if (b == '%') {
                addOctet((byte) (hex(raw[i + 1]) << 4 | hex(raw[i + 2])));
                i += 2;
            } else if (b < 0) {
                addOctet(b);
            } else if (b != '/' || length == 0 || bytes[length - 1] != '/') {
                bytes[length++] = b;
            }
        }
        if (length == 0) {
            bytes[length++] = '/';
        }
    }

    private void addOctet(byte octet) {
        if (isUnreserved(octet)) {
            bytes[length++] = octet;
        } else {
            length = encode(octet, bytes, length);
        }
    }

    /** Writes the triplet; returns where it ends. */
    static int encode(byte octet, byte[] into, int at) {
        into[at] = '%';
        into[at + 1] = HEX[octet >> 4 & 0xF];
        into[at + 2] = HEX[octet & 0xF];
        return at + 3;
    }

    static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }

    static boolean isHex(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
    }

    /** The value of a hexadecimal digit, which the byte must be. */
    static int hex(byte b) {
        return b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10;
    }

    /** A path of the configuration; empty if it is one that no request can have, or has segments that lead elsewhere. */
    static Optional<String> ofConfigured(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        if (raw.length == 0 || raw[0] != '/' || !isSound(raw)) {
            return Optional.empty();
        }
        CanonicalPath path = new CanonicalPath();
        path.read(raw, raw.length);
        String canonical = new String(path.bytes, 0, path.length, StandardCharsets.US_ASCII);
        boolean dots = Arrays.stream(canonical.split("/", -1)).anyMatch(s -> s.equals(".") || s.equals(".."));
        return dots ? Optional.empty() : Optional.of(canonical);
    }

    private static boolean isSound(byte[] raw) {
        for (int i = 0; i < raw.length; i++) {
            byte b = raw[i];
            if ((b >= 0 && b <= ' ') || b == 0x7F || b == '?' || b == '#' || b == '\\') {
                return false;
            }
            if (b == '%'
                    && (i + 2 >= raw.length
                            || !isHex(raw[i + 1])
                            || !isHex(raw[i + 2])
                            || (raw[i + 1] == '0' && raw[i + 2] == '0'))) {
                return false;
            }
        }
        return true;
    }
}
