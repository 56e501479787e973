// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.stream.Stream;

/** Finds the number of a field name by a small hash over its bytes, and knows what a proxy may do with a field of that number. */
final class FieldTable {

    /** Ends at the hop: never passed on as it came (RFC 9110 section 7.6.1). */
    private static final int HOP = 1;
    /** For all recipients: a {@code Connection} option of this name is ignored. */
    private static final int PROTECTED = 2;
    /** Frames, routes, authenticates or says how to process the message, so it may not come after the content (RFC 9110 section 6.5.1). */
    private static final int NO_TRAILER = 4;

    private static final int ROUTE = PROTECTED | NO_TRAILER;
    private static final int HOP_BY_HOP = HOP | NO_TRAILER;

    /** How many numbers there are; at most 64, so that a set of them fits a {@code long}. */
    static final int COUNT = 51;

    private static final int FIRST_WITHOUT_CONSTANT = 39;
    private static final int SLOTS = 512;

    /** What names begin with: {@code X-Forwarded-}, then those of {@link ClientClaims}. Their first letters are in {@link #byPrefix}, too. */
    private static final byte[][] PREFIXES = Stream.concat(Stream.of("x-forwarded-"), ClientClaims.PREFIXES.stream())
            .map(Out::ascii)
            .toArray(byte[][]::new);

    private static final byte[] TRAITS = new byte[COUNT];
    private static final byte[][] NAMES = new byte[SLOTS][];
    private static final byte[] TABLE = new byte[SLOTS];

    static {
        set(KnownField.HOST, "host", ROUTE);
        set(KnownField.CONTENT_LENGTH, "content-length", ROUTE);
        set(KnownField.TRANSFER_ENCODING, "transfer-encoding", HOP_BY_HOP);
        set(KnownField.CONNECTION, "connection", HOP_BY_HOP);
        set(KnownField.KEEP_ALIVE, "keep-alive", HOP_BY_HOP);
        set(KnownField.PROXY_CONNECTION, "proxy-connection", HOP_BY_HOP);
        set(KnownField.PROXY_AUTHENTICATE, "proxy-authenticate", HOP_BY_HOP);
        set(KnownField.PROXY_AUTHORIZATION, "proxy-authorization", HOP_BY_HOP);
        set(KnownField.PROXY_AUTHENTICATION_INFO, "proxy-authentication-info", HOP_BY_HOP);
        set(KnownField.TE, "te", HOP_BY_HOP);
        set(KnownField.UPGRADE, "upgrade", HOP_BY_HOP);
        set(KnownField.HTTP2_SETTINGS, "http2-settings", HOP_BY_HOP);
        set(KnownField.TRAILER, "trailer", NO_TRAILER);
        set(KnownField.EXPECT, "expect", ROUTE);
        set(KnownField.MAX_FORWARDS, "max-forwards", ROUTE);
        set(KnownField.VIA, "via", ROUTE);
        set(KnownField.FORWARDED, "forwarded", ROUTE);
        set(KnownField.X_FORWARDED_FOR, "x-forwarded-for", ROUTE);
        set(KnownField.X_FORWARDED_PROTO, "x-forwarded-proto", ROUTE);
        set(KnownField.X_FORWARDED_HOST, "x-forwarded-host", ROUTE);
        set(KnownField.X_FORWARDED_PORT, "x-forwarded-port", ROUTE);
        set(KnownField.X_FORWARDED_OTHER, "x-forwarded", ROUTE);
        for (String name : ClientClaims.NAMES) {
            set(KnownField.CLIENT_CLAIM, name, ROUTE);
        }
        TRAITS[KnownField.ALIAS] = ROUTE;
        TRAITS[KnownField.UNDERSCORED] = 0;
        set(KnownField.COOKIE, "cookie", ROUTE);
        set(KnownField.SET_COOKIE, "set-cookie", ROUTE);
        set(KnownField.AUTHORIZATION, "authorization", ROUTE);
        set(KnownField.WWW_AUTHENTICATE, "www-authenticate", ROUTE);
        set(KnownField.AUTHENTICATION_INFO, "authentication-info", ROUTE);
        set(KnownField.DATE, "date", ROUTE);
        set(KnownField.CONTENT_TYPE, "content-type", ROUTE);
        set(KnownField.CONTENT_ENCODING, "content-encoding", ROUTE);
        set(KnownField.CONTENT_RANGE, "content-range", ROUTE);
        set(KnownField.CACHE_CONTROL, "cache-control", ROUTE);
        set(KnownField.RANGE, "range", ROUTE);
        set(KnownField.LOCATION, "location", ROUTE);
        set(KnownField.CONTENT_LOCATION, "content-location", 0);
        int next = FIRST_WITHOUT_CONSTANT; // of no other interest than that they may not trail
        for (String name : new String[] {
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range",
            "pragma",
            "age",
            "expires",
            "retry-after",
            "vary",
            "warning",
            "allow"
        }) {
            set(next++, name, ROUTE);
        }
    }

    private FieldTable() {}

    /** The number of the name at [from, to) of the buffer. */
    static int of(ByteBuffer buf, int from, int to) {
        int slot = slot(buf, from, to);
        while (TABLE[slot] != KnownField.OTHER) {
            if (Ascii.same(buf, from, to, NAMES[slot])) {
                return TABLE[slot];
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return byPrefix(buf, from, to);
    }

    /**
     * The number of a name that has other bytes than letters, digits and dashes. Whoever makes variables of names turns dashes into underscores
     * (RFC 3875 section 4.1.18), and some turn every byte into one that is neither letter nor digit. So what differs from a name of this table in
     * such bytes alone is an {@link KnownField#ALIAS} of it: for a backend of that kind it may be the same.
     */
    static int ofOdd(ByteBuffer buf, int from, int to) {
        int slot = slot(to - from, fold(buf.get(from)), fold(buf.get(to - 1)));
        while (TABLE[slot] != KnownField.OTHER) {
            if (NAMES[slot].length == to - from && foldsTo(buf, from, NAMES[slot])) {
                return KnownField.ALIAS;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        for (byte[] prefix : PREFIXES) {
            if (prefix.length <= to - from && foldsTo(buf, from, prefix)) {
                return KnownField.ALIAS;
            }
        }
        return Ascii.indexOf(buf, '_', from, to) < to ? KnownField.UNDERSCORED : KnownField.OTHER;
    }

    private static boolean foldsTo(ByteBuffer buf, int from, byte[] lower) {
        for (int i = 0; i < lower.length; i++) {
            if (fold(buf.get(from + i)) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte fold(byte b) {
        return Ascii.is(Ascii.PLAIN_NAME, b) ? Ascii.lower(b) : (byte) '-';
    }

    /** Whether more than one name has this number. */
    static boolean isShared(int known) {
        return switch (known) {
            case KnownField.OTHER,
                    KnownField.X_FORWARDED_OTHER,
                    KnownField.CLIENT_CLAIM,
                    KnownField.ALIAS,
                    KnownField.UNDERSCORED -> true;
            default -> false;
        };
    }

    static boolean isHopByHop(int known) {
        return (TRAITS[known] & HOP) != 0;
    }

    /** Whether {@code Connection} may name it without effect. */
    static boolean isProtected(int known) {
        return (TRAITS[known] & PROTECTED) != 0;
    }

    static boolean mayTrail(int known) {
        return (TRAITS[known] & NO_TRAILER) == 0;
    }

    private static int byPrefix(ByteBuffer buf, int from, int to) {
        byte first = Ascii.lower(buf.get(from));
        if (first != 'x' && first != 'c' && first != 's') {
            return KnownField.OTHER;
        }
        for (int i = 0; i < PREFIXES.length; i++) {
            byte[] prefix = PREFIXES[i];
            if (prefix.length <= to - from && Ascii.same(buf, from, from + prefix.length, prefix)) {
                return i == 0 ? KnownField.X_FORWARDED_OTHER : KnownField.CLIENT_CLAIM;
            }
        }
        return KnownField.OTHER;
    }

    /** Length, first and last letter tell nearly all names apart; OR-ing 0x20 folds the case of letters. */
    private static int slot(ByteBuffer buf, int from, int to) {
        return slot(to - from, buf.get(from), buf.get(to - 1));
    }

    private static int slot(int length, byte first, byte last) {
        return (length * 37 + (first | 0x20) * 5 + (last | 0x20) * 11) & (SLOTS - 1);
    }

    private static void set(int number, String name, int traits) {
        byte[] bytes = Out.ascii(name);
        TRAITS[number] = (byte) traits;
        int slot = slot(ByteBuffer.wrap(bytes), 0, bytes.length);
        while (TABLE[slot] != KnownField.OTHER) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        NAMES[slot] = bytes;
        TABLE[slot] = (byte) number;
    }
}
