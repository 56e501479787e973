// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.AdminFixture.ask;
import static io.waffle.server.admin.AdminFixture.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.StickyConfig;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.pool.Stickiness;
import io.waffle.server.pool.StickyCookie;
import jakarta.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a client with a cookie of {@code a:80}, where the strategy would choose the other one. */
final class StickyExplainTest {

    private static final Duration DRAIN = Duration.ofMinutes(5);
    private static final String A = "/api/backends/a:80";

    private final AdminFixture fixture = new AdminFixture();
    private String cookie;

    @BeforeEach
    void open() throws Exception {
        StickyConfig config = new StickyConfig(
                Optional.of("w"),
                List.of(),
                Duration.ZERO,
                "/",
                StickyConfig.SameSite.LAX,
                DRAIN,
                StickyConfig.Cacheable.KEEP);
        byte[] key = "a key that nobody would guess".getBytes(StandardCharsets.US_ASCII);
        fixture.stick(Optional.of(new Stickiness(config, key)));
        StickyCookie ofA = request("").renewal(fixture.backend("a:80"));
        String field = new String(Objects.requireNonNull(ofA).field(false), StandardCharsets.US_ASCII);
        cookie = field.substring("Set-Cookie: ".length(), field.indexOf(';'));
    }

    @Test
    void theBackendThatACookieNamesIsChosenAndNothingMoves() {
        for (int i = 0; i < 10; i++) {
            JsonObject told = explain(cookie);
            assertEquals("a:80", told.getString("choice"));
            assertEquals("sticky", told.getString("reason"));
            assertEquals("a cookie keeps the client with it", told.getString("because"));
        }
        fixture.pool.backends().forEach(backend -> assertEquals(0, backend.inFlight()));
        assertEquals(
                "a:80",
                explain("x=\"\u00e4; \u0080\"; w=AAAAAAAAAAAAAAAAAAAAAQ; " + cookie + "; y=z")
                        .getString("choice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w=AAAAAAAAAAAAAAAAAAAAAQ", "w=x", "w", "=", ";;", " ", "v=%s", "w=\"%s\"", "w=%sA"})
    void anyOtherCookieIsPassedOver(String pattern) {
        assertStrategyChooses(pattern.formatted(cookie.substring("w=".length())));
    }

    @Test
    void aBackendThatDrainsKeepsItsClientForAWhile() {
        patch("{\"state\":\"draining\"}");
        JsonObject told = explain(cookie);
        assertEquals("a:80", told.getString("choice"));
        assertEquals("sticky", told.getString("reason"));
        JsonObject a = told.getJsonArray("backends").getJsonObject(0);
        assertFalse(a.getBoolean("candidate"));
        assertEquals("[\"draining\"]", a.getJsonArray("obstacles").toString());
        fixture.nanos.addAndGet(DRAIN.toNanos());
        assertStrategyChooses(cookie);
    }

    @Test
    void aBackendThatIsDownOrGoneLosesItsClient() {
        fixture.pool.markDown(fixture.backend("a:80"));
        assertStrategyChooses(cookie);
        fixture.pool.markUp(fixture.backend("a:80"));
        assertEquals("a:80", explain(cookie).getString("choice"));
        fixture.answer(ask("DELETE", A));
        assertStrategyChooses(cookie);
    }

    @Test
    void aClientWhoseBackendIsFullIsServedElsewhere() {
        fixture.answer(ask("PUT", A).body("{\"url\":\"http://a\",\"in_flight\":1}"));
        PooledBackend a = fixture.backend("a:80");
        assertSame(a, fixture.pool.acquire(request(cookie)));
        assertStrategyChooses(cookie);
    }

    @Test
    void withoutStickinessACookieIsNothing() {
        fixture.stick(Optional.empty());
        assertStrategyChooses(cookie);
    }

    @Test
    void theCookieIsInNoAnswer() {
        String target = "/api/explain?cookie=" + cookie;
        String secret = cookie.substring(cookie.length() / 2);
        for (String each : new String[] {target, target + "%00", target + "%GG", target + "%FF", target + "%"}) {
            String body = fixture.answer(ask("GET", each)).body();
            assertFalse(body.contains(secret), body);
        }
    }

    @Test
    void whatNoFieldCanCarryIsRefused() {
        for (String bad : new String[] {"", "w=\r\nHost: x", "w=\0", "w=\t", "w=\177", "x".repeat(4_097)}) {
            Reply reply = fixture.answer(ask("GET", target(bad)));
            assertEquals(400, reply.status());
            assertEquals(
                    "cookie: " + bad.length() + " characters (expected: 1 to 4096, none of them a control character)",
                    error(reply));
        }
        assertStrategyChooses("\u20ac".repeat(4_096));
        Reply reply = fixture.answer(ask("GET", "/api/explain?cookie=w=%zz"));
        assertEquals(
                "cookie: a value that is not encoded so (expected: two hexadecimal digits after each %)", error(reply));
    }

    private void assertStrategyChooses(String given) {
        JsonObject told = explain(given);
        assertEquals("b:80/pre%2Ffix%40x", told.getString("choice"));
        assertEquals("policy", told.getString("reason"));
    }

    private JsonObject explain(String given) {
        return fixture.get(target(given));
    }

    private static String target(String given) {
        return "/api/explain?cookie="
                + URLEncoder.encode(given, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void patch(String body) {
        assertEquals(200, fixture.answer(ask("PATCH", A).body(body)).status());
    }

    private static ExplainedRequest request(String cookie) {
        return new ExplainedRequest(
                "GET", "/", cookie.isEmpty() ? Map.of() : Map.of("cookie", cookie), new ClientAddress(0, 1));
    }
}
