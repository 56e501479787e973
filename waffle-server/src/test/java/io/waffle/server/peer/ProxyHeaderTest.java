// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.waffle.api.ClientAddress;
import io.waffle.server.peer.ProxyHeader.Kind;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a header of the PROXY protocol and what is none, each byte of it coming by itself. */
class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000201 c6336401 d431 01bb";

    @Test
    void lineTellsOfIpv4() throws InvalidHeader {
        ProxyHeader header = whole("PROXY TCP4 192.0.2.1 198.51.100.1 54321 443\r\n");

        assertEquals(Kind.INET, header.kind());
        assertEquals(ends("192.0.2.1", 54_321, "198.51.100.1", 443), header.endpoints());
    }

    @Test
    void lineTellsOfIpv6() throws InvalidHeader {
        ProxyHeader header = whole("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n");

        assertEquals(ends("2001:db8::1", 1, "2001:db8::2", 65_535), header.endpoints());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n",
                "PROXY UNKNOWN and whatever else it says\r\n"
            })
    void lineMayKnowNothing(String line) throws InvalidHeader {
        assertEquals(Kind.PEER, whole(line).kind());
        assertNull(whole(line).endpoints());
    }

    @Test
    void longestLineIsTaken() throws InvalidHeader {
        String group = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        whole("PROXY TCP6 " + group + " " + group + " 65535 65535\r\n");
        whole("PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "proxy TCP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY\tTCP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY  TCP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4  192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1  2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 \r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1\r\n",
                "PROXY TCP4 192.0.2.1\r\n",
                "PROXY TCP4\r\n",
                "PROXY \r\n",
                "PROXY \n",
                "PROXY\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 \r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 01 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 65536\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 99999999999999999999\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 -1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 +1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 a 2\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.01 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n",
                "PROXY TCP4 localhost 198.51.100.1 1 2\r\n",
                "PROXY TCP4 2001:db8::1 198.51.100.1 1 2\r\n",
                "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP6 [2001:db8::1] 2001:db8::2 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 2001:db8::2 1 2\r\n",
                "PROXY TCP5 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY tcp4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY UNKNOWN\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY TCP4 192.0.2.1\r198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1\u0000 198.51.100.1 1 2\r\n"
            })
    void malformedLineIsNone(String line) {
        assertThrows(InvalidHeader.class, () -> read(line.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void lineWithoutEndIsNoneAsSoonAsItIsTooLong() throws InvalidHeader {
        String endless = "PROXY UNKNOWN " + "x".repeat(200);

        assertNull(read(endless.substring(0, 106).getBytes(StandardCharsets.ISO_8859_1)));
        assertThrows(InvalidHeader.class, () -> read(endless.substring(0, 107).getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void whatCannotBecomeOneIsNoneAtTheFirstByteThatSaysSo() {
        assertThrows(InvalidHeader.class, () -> read(hex("16 0301 0200")), "a ClientHello");
        assertThrows(InvalidHeader.class, () -> read(new byte[] {'G'}));
        assertThrows(InvalidHeader.class, () -> read("PRI * HTTP/2.0".getBytes(StandardCharsets.ISO_8859_1)));
        assertThrows(InvalidHeader.class, () -> read(hex("0d0a0d0a01")));
        assertThrows(InvalidHeader.class, () -> read(hex(SIGNATURE + "31")));
    }

    @ParameterizedTest
    @CsvSource({"11", "12"})
    void bytesTellOfIpv4(String family) throws InvalidHeader {
        ProxyHeader header = whole(hex(SIGNATURE + "21" + family + "000c" + V4));

        assertEquals(ends("192.0.2.1", 54_321, "198.51.100.1", 443), header.endpoints());
    }

    @ParameterizedTest
    @CsvSource({"21", "22"})
    void bytesTellOfIpv6(String family) throws InvalidHeader {
        String addresses = "20010db8000000000000000000000001 20010db800000000ffffffffffffffff ffff 0050";
        ProxyHeader header = whole(hex(SIGNATURE + "21" + family + "0024" + addresses));

        assertEquals(ends("2001:db8::1", 65_535, "2001:db8::ffff:ffff:ffff:ffff", 80), header.endpoints());
    }

    @ParameterizedTest
    @CsvSource({
        "2000 0000, PEER",
        "2011 000c" + V4 + ", PEER",
        "20ff 0003 ffffff, PEER",
        "2100 0000, PEER",
        "2100 0003 040000, PEER",
    })
    void bytesMayKnowNothing(String rest, Kind kind) throws InvalidHeader {
        assertEquals(kind, whole(hex(SIGNATURE + rest)).kind());
        assertNull(whole(hex(SIGNATURE + rest)).endpoints());
    }

    @ParameterizedTest
    @CsvSource({"31", "32"})
    void bytesMayTellOfASocketWithoutAddresses(String family) throws InvalidHeader {
        assertEquals(
                Kind.UNIX,
                whole(hex(SIGNATURE + "21" + family + "00d8" + "00".repeat(216)))
                        .kind());
    }

    @Test
    void additionsAreSkipped() throws InvalidHeader {
        ProxyHeader header = whole(hex(SIGNATURE + "2111 0014" + V4 + "01 0002 6832 04 0000"));

        assertEquals(ends("192.0.2.1", 54_321, "198.51.100.1", 443), header.endpoints());
    }

    @Test
    void rightChecksumIsTaken() throws InvalidHeader {
        byte[] header = hex(SIGNATURE + "2111 0013" + V4 + "03 0004 00000000");
        withChecksum(header, header.length - 4);

        assertEquals(Kind.INET, whole(header).kind());
    }

    @Test
    void wrongChecksumIsNotWhateverIsWrong() {
        byte[] header = hex(SIGNATURE + "2111 0016" + V4 + "03 0004 00000000 04 0000");
        withChecksum(header, header.length - 7);
        for (int i = 13; i < header.length; i++) {
            byte[] changed = header.clone();
            changed[i] ^= 0x01;
            if (i != 14 && i != 15
                    && i != 28) { // its length makes another message of it, its type something else of the checksum
                assertThrows(InvalidHeader.class, () -> read(changed), "byte " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0111 000c " + V4,
                "1111 000c " + V4,
                "3111 000c " + V4,
                "2211 000c " + V4,
                "2f11 000c " + V4,
                "2110 000c " + V4,
                "2113 000c " + V4,
                "2101 000c " + V4,
                "2141 000c " + V4,
                "21ff 000c " + V4,
                "2111 0000",
                "2111 000b c0000201 c6336401 d431 01",
                "2121 000c " + V4,
                "2131 000c " + V4,
                "2111 000d " + V4 + "04",
                "2111 000e " + V4 + "0400",
                "2111 000f " + V4 + "040001",
                "2111 0010 " + V4 + "04000200",
                "2111 0012 " + V4 + "03 0003 000000",
                "2111 0014 " + V4 + "03 0005 0000000000",
                "2111 000f " + V4 + "03 0000",
                "2100 0001 04",
                "2111 0bf1 ",
                "2111 ffff ",
                "2011 ffff "
            })
    void malformedBytesAreNone(String rest) {
        assertThrows(InvalidHeader.class, () -> read(hex(SIGNATURE + rest)));
    }

    @Test
    void secondChecksumIsNone() {
        byte[] header = hex(SIGNATURE + "2111 001a" + V4 + "03 0004 00000000 03 0004 00000000");
        assertThrows(InvalidHeader.class, () -> read(header));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws InvalidHeader {
        Endpoints[] some = {
            ends("192.0.2.1", 54_321, "198.51.100.1", 443),
            ends("2001:db8::1", 1, "2001:db8::2", 65_535),
            ends("192.0.2.1", 0, "2001:db8::2", 80),
            ends("2001:db8::1", 40_000, "198.51.100.1", 80)
        };
        for (int version = 1; version <= 2; version++) {
            for (Endpoints ends : some) {
                assertEquals(ends, whole(ProxyHeader.ofClient(version, ends)).endpoints());
            }
            assertEquals(Kind.PEER, whole(ProxyHeader.ofClient(version, null)).kind());
            assertEquals(Kind.PEER, whole(ProxyHeader.ofOurOwn(version)).kind());
        }
        assertEquals(0x20, ProxyHeader.ofOurOwn(2)[12]);
        assertEquals(0x21, ProxyHeader.ofClient(2, null)[12]);
    }

    /** Whatever comes is a header, none, or the beginning of one; and none is longer than what is read for it. */
    @Test
    void mutationsAreReadOrRefused() {
        Random random = new Random(20_261_201);
        byte[][] seeds = {
            "PROXY TCP4 192.0.2.1 198.51.100.1 54321 443\r\nGET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII),
            "PROXY TCP6 2001:db8::1 ::ffff:192.0.2.1 1 65535\r\n".getBytes(StandardCharsets.US_ASCII),
            hex(SIGNATURE + "2111 0013" + V4 + "03 0004 00000000"),
            hex(SIGNATURE + "2121 0029" + "20".repeat(36) + "01 0002 6832"),
            hex(SIGNATURE + "2131 00d8" + "00".repeat(216)),
            hex(SIGNATURE + "2000 0000")
        };
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = seeds[i % seeds.length].clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : " \r\n:.09".charAt(random.nextInt(7)));
            }
            int received = random.nextInt(bytes.length + 1);
            try {
                ProxyHeader header = ProxyHeader.read(ByteBuffer.wrap(bytes), received);
                if (header != null && (header.length() > received || header.length() > ProxyHeader.LONGEST)) {
                    throw new AssertionError(header + " of " + received);
                }
            } catch (InvalidHeader e) {
                assertNotNull(e.getMessage());
            }
        }
    }

    /** Read as it comes: each part of it is the beginning of one, the whole is one, and what follows changes nothing. */
    private static ProxyHeader whole(byte[] bytes) throws InvalidHeader {
        byte[] followed = new byte[bytes.length + 3];
        System.arraycopy(bytes, 0, followed, 0, bytes.length);
        for (int received = 0; received < bytes.length; received++) {
            assertNull(ProxyHeader.read(ByteBuffer.wrap(followed), received), "after " + received + " bytes");
        }
        ProxyHeader header = ProxyHeader.read(ByteBuffer.wrap(followed), bytes.length);
        assertEquals(header, ProxyHeader.read(ByteBuffer.wrap(followed), followed.length));
        assertNotNull(header);
        assertEquals(bytes.length, header.length());
        return header;
    }

    private static ProxyHeader whole(String line) throws InvalidHeader {
        return whole(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static @Nullable ProxyHeader read(byte[] bytes) throws InvalidHeader {
        return ProxyHeader.read(ByteBuffer.wrap(bytes), bytes.length);
    }

    private static void withChecksum(byte[] header, int at) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        ByteBuffer.wrap(header).putInt(at, (int) crc.getValue());
    }

    private static Endpoints ends(String client, int clientPort, String own, int ownPort) {
        return new Endpoints(
                ClientAddress.of(InetAddress.ofLiteral(client)),
                clientPort,
                ClientAddress.of(InetAddress.ofLiteral(own)),
                ownPort);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
