// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.StickyConfig;
import io.waffle.server.config.StickyConfig.SameSite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the field line says that keeps a client with its backend. */
final class StickyCookieTest {

    private static final Duration DRAIN = Duration.ofMinutes(5);
    private static final byte[] KEY = "a key that nobody would guess".getBytes(StandardCharsets.US_ASCII);

    /** Of app1:3000. */
    private static final String KNOWN_VALUE = "UwI2KKXOZWT-Ud8nv4TIfQ";

    @Test
    void theFieldHasItsAttributes() {
        assertEquals(
                "Set-Cookie: w=WAFFLE; Path=/; HttpOnly; SameSite=Lax\r\n",
                field(new StickyConfig(
                        Optional.of("w"),
                        List.of(),
                        Duration.ZERO,
                        "/",
                        SameSite.LAX,
                        DRAIN,
                        StickyConfig.Cacheable.KEEP)));
        assertEquals(
                "Set-Cookie: __Host-x=WAFFLE; Path=/app; Max-Age=7200; HttpOnly; SameSite=None; Secure\r\n",
                field(new StickyConfig(
                        Optional.of("__Host-x"),
                        List.of(),
                        Duration.ofHours(2),
                        "/app",
                        SameSite.NONE,
                        DRAIN,
                        StickyConfig.Cacheable.KEEP)));
        assertEquals(
                "Set-Cookie: w=WAFFLE; Path=/; Max-Age=1; HttpOnly; SameSite=Strict\r\n",
                field(new StickyConfig(
                        Optional.of("w"),
                        List.of(),
                        Duration.ofMillis(1),
                        "/",
                        SameSite.STRICT,
                        DRAIN,
                        StickyConfig.Cacheable.KEEP)),
                "0 would delete it");
    }

    /** A version that does not know the cookies of this one moves all clients, so that should not happen by accident. The value is that of {@code openssl dgst -sha256 -hmac}. */
    @Test
    void theValueStaysTheSameFromVersionToVersion() {
        assertEquals(
                "w=" + KNOWN_VALUE,
                pair(new Stickiness(
                                new StickyConfig(
                                        Optional.of("w"),
                                        List.of(),
                                        Duration.ZERO,
                                        "/",
                                        SameSite.LAX,
                                        DRAIN,
                                        StickyConfig.Cacheable.KEEP),
                                KEY)
                        .cookie("app1:3000")));
    }

    /** What a client sends that has it. */
    static String pair(StickyCookie cookie) {
        String field = new String(cookie.field(false), StandardCharsets.US_ASCII);
        return field.substring("Set-Cookie: ".length(), field.indexOf(';'));
    }

    /** The field line, with a word for the value; as it is over https where only that makes sense. */
    private static String field(StickyConfig config) {
        StickyCookie cookie = new Stickiness(config, KEY).cookie("app1:3000");
        String field = new String(cookie.field(config.sameSite() == SameSite.NONE), StandardCharsets.US_ASCII);
        assertNotEquals(field, field.replace("=" + KNOWN_VALUE, ""));
        return field.replace(KNOWN_VALUE, "WAFFLE");
    }

    @Test
    void aCookieIsKnownByAllSecretsAndSetWithTheFirst() {
        StickyConfig config = new StickyConfig(
                Optional.of("w"), List.of(), Duration.ZERO, "/", SameSite.LAX, DRAIN, StickyConfig.Cacheable.KEEP);
        byte[] former = "another secret of enough bytes".getBytes(StandardCharsets.US_ASCII);
        StickyCookie old = new Stickiness(config, former).cookie("app1:3000");
        StickyCookie both = new Stickiness(config, KEY, former).cookie("app1:3000");
        assertEquals(2, both.tokens());
        assertEquals(
                new String(new Stickiness(config, KEY).cookie("app1:3000").field(false), StandardCharsets.US_ASCII),
                new String(both.field(false), StandardCharsets.US_ASCII));
        ByteBuffer token = ByteBuffer.wrap(token(old));
        long high = token.getLong();
        long low = token.getLong();
        assertTrue(both.has(high, low));
        assertFalse(both.isSetWith(high, low));
        assertFalse(new Stickiness(config, KEY).cookie("app1:3000").has(high, low));
    }

    @Test
    void aNameThatPromisesHttpsIsAlwaysSecure() {
        for (String name : List.of("__Host-w", "__secure-w")) {
            StickyConfig config = new StickyConfig(
                    Optional.of(name), List.of(), Duration.ZERO, "/", SameSite.LAX, DRAIN, StickyConfig.Cacheable.KEEP);
            assertTrue(new String(new Stickiness(config, KEY).cookie("a:1").field(false), StandardCharsets.US_ASCII)
                    .contains("; Secure\r\n"));
        }
    }

    private static byte[] token(StickyCookie cookie) {
        String field = new String(cookie.field(false), StandardCharsets.US_ASCII);
        return Base64.getUrlDecoder().decode(field.replaceAll(".*=([^;=]*); Path.*\\s*", "$1"));
    }
}
