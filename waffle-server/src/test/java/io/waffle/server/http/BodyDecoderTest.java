// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyDecoderTest {

    private final BodyDecoder decoder = new BodyDecoder(TrailerRules.REQUEST);

    @Test
    void takesNothingWhereThereIsNoContent() throws HeadException {
        ByteBuffer buf = Wire.buffer("GET /next");
        decoder.begin(Framing.NONE, -1);
        assertEquals(0, decoder.next(buf));
        assertTrue(decoder.ended());
        assertEquals(0, buf.position());
    }

    @Test
    void stopsAtTheLength() throws HeadException {
        ByteBuffer buf = Wire.buffer("helloGET /next");
        decoder.begin(Framing.LENGTH, 5);
        assertEquals(5, decoder.next(buf));
        assertEquals(5, decoder.next(buf), "asking again changes nothing");
        buf.position(3);
        decoder.taken(3);
        assertEquals(2, decoder.left());
        assertEquals(2, decoder.next(buf));
        buf.position(5);
        decoder.taken(2);
        assertTrue(decoder.ended());
        assertEquals(0, decoder.next(buf));
        assertEquals(5, buf.position());
        assertEquals(5, decoder.contentBytes());
    }

    @Test
    void endsAtOnceWithoutLength() {
        decoder.begin(Framing.LENGTH, 0);
        assertTrue(decoder.ended());
    }

    @Test
    void takesAllUntilTheSenderCloses() throws HeadException {
        decoder.begin(Framing.CLOSE, -1);
        assertEquals("hello", content(Wire.buffer("hello"), 64));
        assertFalse(decoder.ended());
        assertTrue(decoder.endOfInput());
        assertTrue(decoder.ended());
    }

    @Test
    void tellsABrokenMessageFromAWholeOne() throws HeadException {
        decoder.begin(Framing.LENGTH, 6);
        content(Wire.buffer("hello"), 64);
        assertFalse(decoder.endOfInput());
        decoder.begin(Framing.CHUNKED, -1);
        content(Wire.buffer("5\r\nhello\r\n0\r\n"), 64);
        assertFalse(decoder.endOfInput());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhello\r\n0\r\n\r\n",
                "0000000000000005\r\nhello\r\n0000\r\n\r\n",
                "2;a\r\nhe\r\n3 ; b=c;d=\"e \\\" ; f\"\r\nllo\r\n0;x\r\n\r\n",
                "1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\nX: y\r\n\r\n",
                "5;\t a \t= \tb\t; c\r\nhello\r\n0\r\nX:\r\n\r\n",
            })
    void readsChunks(String wire) throws HeadException {
        for (int most = 1; most <= 6; most++) {
            decoder.begin(Framing.CHUNKED, -1);
            ByteBuffer buf = Wire.buffer(wire + "GET");
            assertEquals("hello", content(buf, most));
            assertTrue(decoder.ended());
            assertEquals(wire.length(), buf.position(), "goes not past the end");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "g\r\n",
                "-1\r\n",
                "+1\r\n",
                "0x1\r\n",
                "1_0\r\n",
                " 1\r\n",
                "1 \r\n",
                "1\n",
                "1\rx",
                "1 2\r\n",
                "00000000000000001\r\n",
                "8000000000000000\r\n",
                "ffffffffffffffff\r\n",
                "1;\r\n",
                "1;=a\r\n",
                "1;a=\r\n",
                "1;a b\r\n",
                "1;a=b c\r\n",
                "1;a\n",
                "1;a=\"\r\n\"\r\n",
                "1;a=\"\n",
                "1;a=\"\\\r\n",
                "1;a=\"b\"c\r\n",
                "1;a\0\r\n",
                "1;a=\u007f\r\n",
                "1\r\nab",
                "1\r\na\n",
                "1\r\na\rb",
                "1\r\na0\r\n",
                "0\r\n\n",
                "0\r\n\rx",
                "0\r\nX\r\n",
                "0\r\n: x\r\n",
                "0\r\nX : y\r\n",
                "0\r\n X: y\r\n",
                "0\r\nX: y\n",
                "0\r\nX: y\rZ",
                "0\r\nX: \0\r\n",
                "0\r\nX: y\r\n z\r\n",
            })
    void refusesWhatIsNoChunk(String wire) {
        for (int step : new int[] {1, wire.length()}) {
            decoder.begin(Framing.CHUNKED, -1);
            HeadException e = assertThrows(HeadException.class, () -> {
                for (int at = 0; at < wire.length(); at += step) {
                    content(Wire.buffer(wire.substring(at, at + step)), 64);
                }
            });
            assertEquals(400, e.status());
        }
    }

    @Test
    void boundsExtensions() throws HeadException {
        decoder.begin(Framing.CHUNKED, -1);
        content(Wire.buffer("1;" + "a".repeat(ChunkLine.MAX_LENGTH - 3) + "\r\n"), 64);
        decoder.begin(Framing.CHUNKED, -1);
        assertThrows(HeadException.class, () -> content(Wire.buffer("1;" + "a".repeat(ChunkLine.MAX_LENGTH - 1)), 64));
    }

    @Test
    void boundsTrailers() {
        decoder.begin(Framing.CHUNKED, -1);
        assertThrows(
                HeadException.class,
                () -> content(Wire.buffer("0\r\nX: " + "a".repeat(TrailerRules.REQUEST.bytes())), 64));
        decoder.begin(Framing.CHUNKED, -1);
        assertThrows(
                HeadException.class,
                () -> content(Wire.buffer("0\r\n" + "Host: a\r\n".repeat(TrailerRules.REQUEST.fields() + 1)), 64));
    }

    @Test
    void keepsTrailersThatMayBePassedOn() throws HeadException {
        decoder.begin(Framing.CHUNKED, -1);
        String kept = "X-Sum:  1 \r\nETag: \"a\"\r\nx-sum: \r\n";
        String dropped =
                "Content-Length: 5\r\nTRANSFER-encoding: chunked\r\nHost: b\r\nAuthorization: c\r\nCookie: d\r\n"
                        .concat(
                                "Connection: X-Sum\r\nX-Forwarded-For: e\r\nX-Forwarded-Anything: e\r\nTrailer: f\r\nTE: g\r\n")
                        .concat(
                                "Set-Cookie: h\r\nContent-Type: i\r\nIf-Match: j\r\nUpgrade: k\r\nProxy-Authorization: l\r\n");
        content(Wire.buffer("0\r\n" + kept.substring(0, 12) + dropped + kept.substring(12) + "\r\n"), 64);
        assertTrue(decoder.ended());
        ByteBuffer written = ByteBuffer.allocate(decoder.trailersSize());
        decoder.writeTrailers(written);
        assertEquals(kept, Wire.text(written, 0, written.position()));
        assertEquals(kept, Wire.text(decoder.trailers(), 0, decoder.trailers().limit()));
        decoder.begin(Framing.CHUNKED, -1);
        assertEquals(0, decoder.trailersSize());
    }

    @Test
    void readsTheSizesALongCanHold() throws HeadException {
        decoder.begin(Framing.CHUNKED, -1);
        decoder.next(Wire.buffer("7fffffffffffffff\r\n"));
        assertEquals(Long.MAX_VALUE, decoder.left());
    }

    /** Random content in random chunks with random extensions, cut up at random: what went in comes out. */
    @Test
    void givesBackWhatWasChunked() throws HeadException {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] content = new byte[random.nextInt(600)];
            random.nextBytes(content);
            byte[] wire = chunk(content, random);
            decoder.begin(Framing.CHUNKED, -1);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int at = 0;
            while (at < wire.length) {
                int end = Math.min(wire.length, at + 1 + random.nextInt(40));
                ByteBuffer part = ByteBuffer.wrap(wire, at, end - at);
                drain(part, 1 + random.nextInt(30), out);
                assertFalse(part.hasRemaining());
                at = end;
            }
            assertTrue(decoder.ended());
            assertEquals(content.length, decoder.contentBytes());
            assertEquals(ByteBuffer.wrap(content), ByteBuffer.wrap(out.toByteArray()));
        }
    }

    /** Whatever comes, it is content, framing or refused; nothing is read past the end of what is there. */
    @Test
    void survivesAnyBytes() {
        SplittableRandom random = new SplittableRandom(11);
        String alphabet = "0123456789abcdefF;=\"\\ \t\r\n\r\n:xX\0";
        int refused = 0;
        for (int round = 0; round < 100_000; round++) {
            StringBuilder wire = new StringBuilder("3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n");
            for (int i = random.nextInt(4); i >= 0; i--) {
                wire.setCharAt(random.nextInt(wire.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            decoder.begin(Framing.CHUNKED, -1);
            try {
                content(ByteBuffer.wrap(wire.toString().getBytes(StandardCharsets.ISO_8859_1)), 2);
            } catch (HeadException e) {
                refused++;
            }
        }
        assertTrue(refused > 1_000 && refused < 100_000, "refused " + refused);
    }

    private String content(ByteBuffer buf, int most) throws HeadException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        drain(buf, most, out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private void drain(ByteBuffer buf, int most, ByteArrayOutputStream out) throws HeadException {
        int there = decoder.next(buf);
        while (there > 0) {
            int take = Math.min(there, most);
            for (int i = 0; i < take; i++) {
                out.write(buf.get());
            }
            decoder.taken(take);
            there = decoder.next(buf);
        }
    }

    private static byte[] chunk(byte[] content, SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < content.length) {
            int size = Math.min(content.length - at, 1 + random.nextInt(100));
            String line = (random.nextBoolean() ? "00" : "") + Integer.toHexString(size);
            out.writeBytes(Wire.bytes(line + (random.nextBoolean() ? " ; x=\"y;z\"" : "") + "\r\n"));
            out.write(content, at, size);
            out.writeBytes(Wire.bytes("\r\n"));
            at += size;
        }
        out.writeBytes(Wire.bytes(random.nextBoolean() ? "0\r\n\r\n" : "0;e\r\nSum: 1\r\nHost: x\r\n\r\n"));
        return out.toByteArray();
    }
}
