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
    private boolean oneReading;

    /** The path; valid until the next is read. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Whether nobody can read it in another way: there is no encoded separator, no parameter, nothing encoded twice and no dot segment. */
    boolean hasOneReading() {
        return oneReading && !hasPairs(bytes, length);
    }

    /** Whether two bytes in a row are slashes or dots, without which there is neither an empty segment nor a dot segment. */
    static boolean hasPairs(byte[] path, int length) {
        long before = 0;
        for (int at = 0; at < length; at += Long.BYTES) {
            int left = length - at;
            long word = left < Long.BYTES ? Words.low(Words.at(path, at), left) : Words.at(path, at);
            long hits = Words.zeros((word | Words.all((char) 1)) ^ Words.all('/')); // a dot differs in the lowest bit
            if ((hits & (hits << 8 | before)) != 0) {
                return true;
            }
            before = hits >>> 56;
        }
        return false;
    }

    /** Reads a path as it came, of which the percent triplets are whole. */
    void read(byte[] raw, int rawLength) {
        if (bytes.length < 3 * rawLength + 1 + Words.PADDING) {
            bytes = new byte[3 * rawLength + 1 + Words.PADDING];
        }
        length = 0;
        oneReading = true;
        for (int i = 0; i < rawLength; i++) {
            byte b = raw[i];
            if (b == '%') {
                addOctet((byte) (hex(raw[i + 1]) << 4 | hex(raw[i + 2])));
                i += 2;
            } else if (b < 0) {
                addOctet(b);
            } else if (b != '/' || length == 0 || bytes[length - 1] != '/') {
                oneReading &= b != ';';
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
            oneReading &= !isMark(octet);
        }
    }

    /** What is decoded to a separator, to the beginning of parameters or of another triplet, or begins too long a form of a letter. */
    private static boolean isMark(byte octet) {
        return switch (octet) {
            case '/', '\\', ';', '%', (byte) 0xC0, (byte) 0xC1, (byte) 0xE0 -> true;
            default -> false;
        };
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
