// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CookieTokensTest {

    private static final String ONE = "AAAAAAAAAAAAAAAAAAAAAQ";
    private static final String ODD = "-_-_-_-_-_-_-_-_-_-_-w";
    private static final int ROUNDS = 50_000;

    @Test
    void readsAllDigits() throws HeadException {
        assertEquals(List.of("0 1"), tokens("Cookie: w=" + ONE));
        assertEquals(List.of("fbffbffbffbffbff bffbffbffbffbffb"), tokens("Cookie: w=" + ODD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie: w=%s",
                "cookie:w=%s ",
                "COOKIE: a=b; w=%s; c=d",
                "Cookie: a=b;w=%s",
                "Cookie: ;;=; ;w;\t w=%s\t;",
                "Cookie: a=\"x\\\"; w=%s; b=\"",
                "Cookie: w=; w=x; W=AAAAAAAAAAAAAAAAAAAAAQ; w=%s",
                "X: y\r\nCookie: a=b\r\nY: z\r\nCookie: w=%s\r\nZ: z",
                "Cookie:\r\nCookie: w=%s",
                "Cookie: \u00e4=\u00fc; w=%s",
            })
    void findsItAmongWhatever(String fields) throws HeadException {
        assertEquals(List.of("0 1"), tokens(fields.formatted(ONE)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: w=AAAAAAAAAAAAAAAAAAAAAQ",
                "Cookie: v=AAAAAAAAAAAAAAAAAAAAAQ",
                "Cookie: ww=AAAAAAAAAAAAAAAAAAAAAQ",
                "Cookie: W=AAAAAAAAAAAAAAAAAAAAAQ",
                "Cookie: w=\"AAAAAAAAAAAAAAAAAAAAAQ\"",
                "Cookie: w= AAAAAAAAAAAAAAAAAAAAAQ",
                "Cookie: w =AAAAAAAAAAAAAAAAAAAAAQ",
                "Cookie: w=AAAAAAAAAAAAAAAAAAAAA",
                "Cookie: w=AAAAAAAAAAAAAAAAAAAAAQA",
                "Cookie: w=AAAAAAAAAAAAAAAAAAAAAQ==",
                "Cookie: w=AAAAAAAAAAAAAAAAAAAAAR",
                "Cookie: w=AAAAAAAAAA+AAAAAAAAAAQ",
                "Cookie: w=AAAAAAAAAA/AAAAAAAAAAQ",
                "Cookie: w=AAAAAAAAAAAAAAAAAAAAA\u00c1",
                "Cookie: w=AAAAAAAAAA AAAAAAAAAAQ",
                "Cookie: AAAAAAAAAAAAAAAAAAAAAQ",
                "Cookie: w",
                "Cookie: w=",
                "Cookie: =",
                "Cookie:",
            })
    void whatIsNoneIsPassedOver(String fields) throws HeadException {
        assertEquals(List.of(), tokens(fields));
    }

    @Test
    void severalComeInTheirOrder() throws HeadException {
        assertEquals(
                List.of("0 1", "fbffbffbffbffbff bffbffbffbffbffb", "0 1"),
                tokens("Cookie: w=" + ONE + "; x=y; w=" + ODD + "\r\nCookie: w=" + ONE));
    }

    @Test
    void beginsAnewForEachHead() throws HeadException {
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        CookieTokens tokens = new CookieTokens(head);
        parse(head, "Cookie: w=" + ONE);
        tokens.begin(Out.ascii("w"));
        assertTrue(tokens.next());
        parse(head, "X: y");
        tokens.begin(Out.ascii("w"));
        assertFalse(tokens.next());
        parse(head, "Cookie: longer=" + ODD);
        tokens.begin(Out.ascii("longer"));
        assertTrue(tokens.next());
    }

    /** Against a reading by other means: pieces between semicolons, and the decoder of the platform. */
    @Test
    void agreesWithAPlainReadingOfAnything() throws HeadException {
        SplittableRandom random = new SplittableRandom(20_261_124);
        int found = 0;
        for (int i = 0; i < ROUNDS; i++) {
            List<String> values = new ArrayList<>();
            for (int line = random.nextInt(4); line > 0; line--) {
                values.add(value(random));
            }
            StringBuilder fields = new StringBuilder("X: y");
            values.forEach(value -> fields.append("\r\nCookie: ").append(value));
            List<String> expected =
                    values.stream().flatMap(value -> plainly(value).stream()).toList();
            assertEquals(expected, tokens(fields.toString()), fields::toString);
            found += expected.size();
        }
        assertTrue(found > ROUNDS / 4, "found " + found);
    }

    private static String value(SplittableRandom random) {
        String[] parts = {"w", "=", ";", " ", "\t", "\"", "w=", "; w=", ";w=", "a=b", "W=", "\u00e9", ","};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int part = random.nextInt(parts.length + 8);
            if (part < parts.length) {
                text.append(parts[part]);
            } else {
                byte[] token = new byte[random.nextInt(8) == 0 ? 15 + random.nextInt(3) : 16];
                random.nextBytes(token);
                text.append(random.nextInt(2) == 0 ? "; w=" : "")
                        .append(Base64.getUrlEncoder().withoutPadding().encodeToString(token));
            }
        }
        return text.toString();
    }

    private static List<String> plainly(String value) {
        Pattern pair = Pattern.compile("[ \\t]*w=([A-Za-z0-9_-]{21}[AQgw])[ \\t]*");
        List<String> tokens = new ArrayList<>();
        for (String piece : value.split(";", -1)) {
            var match = pair.matcher(piece);
            if (match.matches()) {
                ByteBuffer token = ByteBuffer.wrap(Base64.getUrlDecoder().decode(match.group(1)));
                tokens.add(shown(token.getLong(), token.getLong()));
            }
        }
        return tokens;
    }

    private static List<String> tokens(String fields) throws HeadException {
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        parse(head, fields);
        CookieTokens tokens = new CookieTokens(head);
        List<String> all = new ArrayList<>();
        tokens.begin(Out.ascii("w"));
        while (tokens.next()) {
            all.add(shown(tokens.high(), tokens.low()));
        }
        assertFalse(tokens.next());
        return all;
    }

    private static void parse(RequestHead head, String fields) throws HeadException {
        head.reset();
        ByteBuffer bytes = Wire.buffer("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n");
        assertEquals(bytes.capacity(), head.parse(bytes, bytes.capacity()));
    }

    private static String shown(long high, long low) {
        return Long.toHexString(high) + " " + Long.toHexString(low);
    }
}
