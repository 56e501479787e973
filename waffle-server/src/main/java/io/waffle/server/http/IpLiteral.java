// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;

/**
 * Reads IPv4 and IPv6 addresses as RFC 3986 section 3.2.2 spells them, out of a buffer and without asking anybody. Holds the last one read.
 * Not thread-safe.
 */
public final class IpLiteral {

    private static final long MAPPED = 0xFFFF_0000_0000L;
    private static final int GROUPS = 8;

    private final int[] groups = new int[GROUPS];
    private long high;
    private long low;

    /** The first 64 bits of what was read last; an IPv4 address is mapped into IPv6. */
    public long high() {
        return high;
    }

    /** The last 64 bits of it. */
    public long low() {
        return low;
    }

    /** Four numbers from 0 to 255, without leading zeros: {@code 010} is eight to some and ten to others. */
    public boolean readV4(ByteBuffer buf, int from, int to) {
        long bits = v4(buf, from, to);
        high = 0;
        low = MAPPED | bits;
        return bits >= 0;
    }

    /** Eight groups of up to four hexadecimal digits, one run of zeros as {@code ::}, the last two perhaps as IPv4; no zone, no brackets. */
    public boolean readV6(ByteBuffer buf, int from, int to) {
        int count = 0;
        int gap = -1;
        int at = from;
        if (to - from >= 2 && buf.get(from) == ':') {
            if (buf.get(from + 1) != ':') {
                return false;
            }
            gap = 0;
            at += 2;
        }
        while (at < to) {
            int end = Ascii.indexOf(buf, ':', at, to);
            int added = end == to ? addLast(buf, at, end, count) : addGroup(buf, at, end, count);
            if (added == 0) {
                return false;
            }
            count += added;
            at = end;
            if (at == to) {
                break;
            }
            at++;
            if (at < to && buf.get(at) == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = count;
                at++;
            } else if (at == to) {
                return false;
            }
        }
        return compose(count, gap);
    }

    private int addLast(ByteBuffer buf, int from, int to, int count) {
        if (Ascii.indexOf(buf, '.', from, to) == to) {
            return addGroup(buf, from, to, count);
        }
        long bits = v4(buf, from, to);
        if (bits < 0 || count > GROUPS - 2) {
            return 0;
        }
        groups[count] = (int) (bits >>> 16);
        groups[count + 1] = (int) (bits & 0xFFFF);
        return 2;
    }

    private int addGroup(ByteBuffer buf, int from, int to, int count) {
        if (count == GROUPS || from == to || to - from > 4 || Ascii.skip(Ascii.HEX, buf, from, to) != to) {
            return 0;
        }
        int group = 0;
        for (int at = from; at < to; at++) {
            group = (group << 4) | Ascii.hex(buf.get(at));
        }
        groups[count] = group;
        return 1;
    }

    private boolean compose(int count, int gap) {
        if (gap < 0 ? count != GROUPS : count >= GROUPS) {
            return false;
        }
        int skipped = GROUPS - count;
        high = 0;
        low = 0;
        for (int i = 0; i < count; i++) {
            int place = gap >= 0 && i >= gap ? i + skipped : i;
            long bits = (long) groups[i] << (16 * (3 - (place & 3)));
            if (place < 4) {
                high |= bits;
            } else {
                low |= bits;
            }
        }
        return true;
    }

    /** The 32 bits, or -1. */
    private static long v4(ByteBuffer buf, int from, int to) {
        long bits = 0;
        int at = from;
        for (int part = 0; part < 4; part++) {
            int end = Ascii.skip(Ascii.DIGIT, buf, at, Math.min(to, at + 3));
            int value = 0;
            for (int i = at; i < end; i++) {
                value = 10 * value + (buf.get(i) - '0');
            }
            boolean leadingZero = end - at > 1 && buf.get(at) == '0';
            if (end == at || leadingZero || value > 255) {
                return -1;
            }
            bits = (bits << 8) | value;
            at = end;
            if (part < 3) {
                if (at >= to || buf.get(at) != '.') {
                    return -1;
                }
                at++;
            }
        }
        return at == to ? bits : -1;
    }
}
