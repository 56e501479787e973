// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

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
    static final int COUNT = 48;

    private static final int FIRST_WITHOUT_CONSTANT = 35;
    private static final int SLOTS = 512;
    private static final String FORWARDED_PREFIX = "x-forwarded-";

    private static final byte[][] NAMES = new byte[COUNT][];
    private static final byte[] TRAITS = new byte[COUNT];
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
        set(KnownField.X_FORWARDED_OTHER, "x-forwarded-", ROUTE);
        set(KnownField.X_REAL_IP, "x-real-ip", ROUTE);
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
            "location",
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
            if (same(buf, from, to, NAMES[TABLE[slot]])) {
                return TABLE[slot];
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return isForwarded(buf, from, to) ? KnownField.X_FORWARDED_OTHER : KnownField.OTHER;
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

    private static boolean isForwarded(ByteBuffer buf, int from, int to) {
        int length = FORWARDED_PREFIX.length();
        return to - from >= length
                && buf.get(from + 1) == '-'
                && Ascii.same(buf, from, from + length, FORWARDED_PREFIX);
    }

    private static boolean same(ByteBuffer buf, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (Ascii.lower(buf.get(from + i)) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** Length, first and last letter tell nearly all names apart; OR-ing 0x20 folds the case of letters. */
    private static int slot(ByteBuffer buf, int from, int to) {
        int first = buf.get(from) | 0x20;
        int last = buf.get(to - 1) | 0x20;
        return ((to - from) * 37 + first * 5 + last * 11) & (SLOTS - 1);
    }

    private static void set(int number, String name, int traits) {
        byte[] bytes = Out.ascii(name);
        NAMES[number] = bytes;
        TRAITS[number] = (byte) traits;
        int slot = slot(ByteBuffer.wrap(bytes), 0, bytes.length);
        while (TABLE[slot] != KnownField.OTHER) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        TABLE[slot] = (byte) number;
    }
}
