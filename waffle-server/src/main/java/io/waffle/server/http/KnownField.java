// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The field names that mean something to a proxy, as small numbers: a name is classified once, while it is parsed, and compared as text
 * never again. Every other name is {@link #OTHER}.
 */
public final class KnownField {

    public static final int OTHER = 0;

    /** Ends at the hop: never passed on as it came (RFC 9110 section 7.6.1). */
    private static final int HOP = 1;
    /** For all recipients: a {@code Connection} option of this name is ignored. */
    private static final int PROTECTED = 2;
    /** Frames, routes, authenticates or says how to process the message, so it may not come after the content (RFC 9110 section 6.5.1). */
    private static final int NO_TRAILER = 4;

    private static final int ROUTE = PROTECTED | NO_TRAILER;
    private static final int HOP_BY_HOP = HOP | NO_TRAILER;

    private static final List<Entry> ENTRIES = new ArrayList<>(List.of(new Entry("", 0)));

    public static final int HOST = known("host", ROUTE);
    public static final int CONTENT_LENGTH = known("content-length", ROUTE);
    public static final int TRANSFER_ENCODING = known("transfer-encoding", HOP_BY_HOP);
    public static final int CONNECTION = known("connection", HOP_BY_HOP);
    public static final int KEEP_ALIVE = known("keep-alive", HOP_BY_HOP);
    public static final int PROXY_CONNECTION = known("proxy-connection", HOP_BY_HOP);
    public static final int PROXY_AUTHENTICATE = known("proxy-authenticate", HOP_BY_HOP);
    public static final int PROXY_AUTHORIZATION = known("proxy-authorization", HOP_BY_HOP);
    public static final int PROXY_AUTHENTICATION_INFO = known("proxy-authentication-info", HOP_BY_HOP);
    public static final int TE = known("te", HOP_BY_HOP);
    public static final int UPGRADE = known("upgrade", HOP_BY_HOP);
    public static final int HTTP2_SETTINGS = known("http2-settings", HOP_BY_HOP);
    public static final int TRAILER = known("trailer", NO_TRAILER);
    public static final int EXPECT = known("expect", ROUTE);
    public static final int MAX_FORWARDS = known("max-forwards", ROUTE);
    public static final int VIA = known("via", ROUTE);
    public static final int FORWARDED = known("forwarded", ROUTE);
    public static final int X_FORWARDED_FOR = known("x-forwarded-for", ROUTE);
    public static final int X_FORWARDED_PROTO = known("x-forwarded-proto", ROUTE);
    public static final int X_FORWARDED_HOST = known("x-forwarded-host", ROUTE);
    public static final int X_FORWARDED_PORT = known("x-forwarded-port", ROUTE);
    /** A name that starts with {@code X-Forwarded-} and is none of the four above. */
    public static final int X_FORWARDED_OTHER = known("x-forwarded-", ROUTE);

    public static final int X_REAL_IP = known("x-real-ip", ROUTE);
    public static final int COOKIE = known("cookie", ROUTE);
    public static final int SET_COOKIE = known("set-cookie", ROUTE);
    public static final int AUTHORIZATION = known("authorization", ROUTE);
    public static final int WWW_AUTHENTICATE = known("www-authenticate", ROUTE);
    public static final int AUTHENTICATION_INFO = known("authentication-info", ROUTE);
    public static final int DATE = known("date", ROUTE);
    public static final int CONTENT_TYPE = known("content-type", ROUTE);
    public static final int CONTENT_ENCODING = known("content-encoding", ROUTE);
    public static final int CONTENT_RANGE = known("content-range", ROUTE);
    public static final int CACHE_CONTROL = known("cache-control", ROUTE);
    public static final int RANGE = known("range", ROUTE);

    static {
        // Of no other interest: they modify how a message is processed or cached.
        for (String name : List.of(
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
                "allow")) {
            known(name, ROUTE);
        }
    }

    /** How many numbers there are; at most 64, so that a set of them fits a {@code long}. */
    static final int COUNT = ENTRIES.size();

    private static final Entry[] BY_NUMBER = ENTRIES.toArray(Entry[]::new);
    private static final int SLOTS = 512;
    private static final byte[] TABLE = table();
    private static final String FORWARDED_PREFIX = "x-forwarded-";

    private static final class Entry {

        final byte[] name;
        final int traits;

        Entry(String name, int traits) {
            this.name = name.getBytes(StandardCharsets.US_ASCII);
            this.traits = traits;
        }
    }

    private KnownField() {}

    /** The number of the name at [from, to) of the buffer. */
    static int of(ByteBuffer buf, int from, int to) {
        int slot = slot(buf, from, to);
        while (TABLE[slot] != OTHER) {
            if (same(buf, from, to, BY_NUMBER[TABLE[slot]].name)) {
                return TABLE[slot];
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return isForwarded(buf, from, to) ? X_FORWARDED_OTHER : OTHER;
    }

    static boolean isHopByHop(int known) {
        return (BY_NUMBER[known].traits & HOP) != 0;
    }

    /** Whether {@code Connection} may name it without effect. */
    static boolean isProtected(int known) {
        return (BY_NUMBER[known].traits & PROTECTED) != 0;
    }

    static boolean mayTrail(int known) {
        return (BY_NUMBER[known].traits & NO_TRAILER) == 0;
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

    private static int known(String name, int traits) {
        ENTRIES.add(new Entry(name, traits));
        return ENTRIES.size() - 1;
    }

    private static byte[] table() {
        byte[] table = new byte[SLOTS];
        for (int number = 1; number < BY_NUMBER.length; number++) {
            byte[] name = BY_NUMBER[number].name;
            int slot = slot(ByteBuffer.wrap(name), 0, name.length);
            while (table[slot] != OTHER) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            table[slot] = (byte) number;
        }
        return table;
    }
}
