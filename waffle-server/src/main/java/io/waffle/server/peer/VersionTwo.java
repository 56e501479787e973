// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.peer;

import io.waffle.api.ClientAddress;
import io.waffle.server.peer.ProxyHeader.Kind;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The header in bytes: a signature, what it is about, its length, addresses, and additions of type, length and value (section 2.2). */
final class VersionTwo {

    /** No text begins so, and no version 1. */
    static final byte FIRST = '\r';

    private static final byte[] SIGNATURE = {FIRST, '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /** Of the part that is always there. */
    static final int FIXED = 16;

    private static final int COMMAND = 12;
    private static final int FAMILY = 13;
    private static final int LENGTH = 14;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;

    private static final int INET_BYTES = 12;
    private static final int INET6_BYTES = 36;
    private static final int UNIX_BYTES = 216;

    /** An addition: the checksum of the whole header, over which it counts as nought (section 2.2.3). */
    private static final int CHECKSUM = 0x03;

    private static final int TLV_HEAD = 3;

    private VersionTwo() {}

    static @Nullable ProxyHeader read(ByteBuffer in, int received) throws InvalidHeader {
        ProxyHeader.expect(SIGNATURE, in, received);
        if (received > COMMAND && byteAt(in, COMMAND) != LOCAL && byteAt(in, COMMAND) != PROXY) {
            throw new InvalidHeader("its PROXY header is of no version and command that are known");
        }
        if (received < FIXED) {
            return null;
        }
        int end = FIXED + shortAt(in, LENGTH);
        if (end > ProxyHeader.LONGEST) {
            throw new InvalidHeader("its PROXY header is longer than " + ProxyHeader.LONGEST + " bytes");
        }
        if (received < end) {
            return null;
        }
        if (byteAt(in, COMMAND) == LOCAL) {
            return new ProxyHeader(end, Kind.PEER, null); // family and all that follows are to be ignored
        }
        return proxied(in, end);
    }

    private static ProxyHeader proxied(ByteBuffer in, int end) throws InvalidHeader {
        int family = byteAt(in, FAMILY);
        int addresses =
                switch (family) {
                    case 0x00 -> 0;
                    case 0x11, 0x12 -> INET_BYTES;
                    case 0x21, 0x22 -> INET6_BYTES;
                    case 0x31, 0x32 -> UNIX_BYTES;
                    default -> throw new InvalidHeader("its PROXY header is of no address family that is known");
                };
        int behind = FIXED + addresses;
        if (behind > end) {
            throw new InvalidHeader("its PROXY header is too short for its addresses");
        }
        checkAdditions(in, behind, end);
        return switch (addresses) {
            case INET_BYTES -> new ProxyHeader(end, Kind.INET, v4(in));
            case INET6_BYTES -> new ProxyHeader(end, Kind.INET, v6(in));
            case UNIX_BYTES -> new ProxyHeader(end, Kind.UNIX, null);
            default -> new ProxyHeader(end, Kind.PEER, null);
        };
    }

    private static Endpoints v4(ByteBuffer in) {
        return new Endpoints(mapped(in, FIXED), shortAt(in, FIXED + 8), mapped(in, FIXED + 4), shortAt(in, FIXED + 10));
    }

    private static ClientAddress mapped(ByteBuffer in, int at) {
        return new ClientAddress(0, 0xFFFFL << 32 | (long) shortAt(in, at) << 16 | shortAt(in, at + 2));
    }

    private static Endpoints v6(ByteBuffer in) {
        return new Endpoints(
                address(in, FIXED), shortAt(in, FIXED + 32), address(in, FIXED + 16), shortAt(in, FIXED + 34));
    }

    private static ClientAddress address(ByteBuffer in, int at) {
        return new ClientAddress(longAt(in, at), longAt(in, at + Long.BYTES));
    }

    /** They fill the rest, each as long as it says, and a checksum among them is right. What else they say is not asked for. */
    private static void checkAdditions(ByteBuffer in, int from, int end) throws InvalidHeader {
        int checksum = -1;
        int at = from;
        while (at < end) {
            int value = at + TLV_HEAD;
            int next = value <= end ? value + shortAt(in, at + 1) : end + 1;
            if (next > end) {
                throw new InvalidHeader("its PROXY header has an addition that is longer than what is left for it");
            }
            if (byteAt(in, at) == CHECKSUM) {
                if (next - value != Integer.BYTES || checksum >= 0) {
                    throw new InvalidHeader("its PROXY header has a checksum of no such kind");
                }
                checksum = value;
            }
            at = next;
        }
        if (checksum >= 0 && checksum(in, end, checksum) != intAt(in, checksum)) {
            throw new InvalidHeader("its PROXY header does not have the checksum it says");
        }
    }

    /** Of all of it, with nought where the checksum itself is. */
    private static int checksum(ByteBuffer in, int end, int at) {
        byte[] bytes = new byte[end];
        in.get(0, bytes);
        for (int i = at; i < at + Integer.BYTES; i++) {
            bytes[i] = 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** One for a connection with these ends; null for one that is not of a client, or whose ends are not known. */
    static byte[] write(@Nullable Endpoints ends, boolean ofClient) {
        boolean v4 = ends != null && ends.client().isIPv4() && ends.own().isIPv4();
        int addresses = ends == null ? 0 : v4 ? INET_BYTES : INET6_BYTES;
        ByteBuffer out = ByteBuffer.allocate(FIXED + addresses);
        out.put(SIGNATURE).put((byte) (ofClient ? PROXY : LOCAL));
        out.put((byte) (ends == null ? 0x00 : v4 ? 0x11 : 0x21)).putShort((short) addresses);
        if (ends != null) {
            put(out, ends.client(), v4);
            put(out, ends.own(), v4);
            out.putShort((short) ends.clientPort()).putShort((short) ends.ownPort());
        }
        return out.array();
    }

    private static void put(ByteBuffer out, ClientAddress address, boolean v4) {
        if (v4) {
            out.putInt((int) address.low());
        } else {
            out.putLong(address.high()).putLong(address.low());
        }
    }

    private static int byteAt(ByteBuffer in, int at) {
        return in.get(at) & 0xFF;
    }

    /** In network order, whatever the buffer's is. */
    private static int shortAt(ByteBuffer in, int at) {
        return byteAt(in, at) << 8 | byteAt(in, at + 1);
    }

    private static int intAt(ByteBuffer in, int at) {
        return shortAt(in, at) << 16 | shortAt(in, at + 2);
    }

    private static long longAt(ByteBuffer in, int at) {
        return (long) intAt(in, at) << 32 | Integer.toUnsignedLong(intAt(in, at + Integer.BYTES));
    }
}
