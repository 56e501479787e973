// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.AdminFixture.ask;
import static io.waffle.server.admin.AdminFixture.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.admin.AdminFixture.Asked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in: by host and origin, and for a change by token and media type. */
final class GateTest {

    private final AdminFixture fixture = new AdminFixture();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [::1]:9901          | 200
            localhost:9901      | 200
            LOCALHOST:9901      | 200
            127.0.0.1:9901      | 200
            127.1.2.3:9901      | 200
            evil.example:9901   | 403
            127.0.0.1.evil.example:9901 | 403
            127.0.0.1           | 403
            127.0.0.1:80        | 403
            127.0.0.256:9901    | 403
            0.0.0.0:9901        | 403
            [::2]:9901          | 403
            u@127.0.0.1:9901    | 403
            """)
    void admitsLoopbackHostsOnly(String host, int status) {
        for (String target : List.of("/healthz", "/api/backends")) {
            Reply reply = fixture.answer(ask("GET", target).with("host", host));
            assertEquals(status, reply.status(), reply::body);
        }
        assertEquals(
                status,
                fixture.patch(ask("PATCH", "/api/backends/a:80").with("host", host))
                        .status());
    }

    @Test
    void twoHostsAreNone() {
        assertEquals(403, fixture.answer(ask("GET", "/healthz").with("host")).status());
        assertEquals(
                403,
                fixture.answer(ask("GET", "/healthz").with("host", "127.0.0.1:9901", "127.0.0.1:9901"))
                        .status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://127.0.0.1:9901   | 200
            http://localhost:9901   | 200
            http://[::1]:9901       | 200
            https://127.0.0.1:9901  | 403
            http://127.0.0.1:3000   | 403
            http://127.0.0.1        | 403
            http://evil.example     | 403
            null                    | 403
            """)
    void admitsItsOwnOriginOnly(String origin, int status) {
        assertEquals(
                status,
                fixture.answer(ask("GET", "/healthz").with("origin", origin)).status());
        Reply reply = fixture.patch(ask("PATCH", "/api/backends/a:80").with("origin", origin));
        assertEquals(status, reply.status());
        assertTrue(status == 200 || error(reply).startsWith("Origin: " + origin + " (expected: "), reply::body);
        assertEquals(status == 200 ? 9 : 5, fixture.weight("a:80"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer 0123456789abcdeF",
                "Bearer 0123456789abcdef0",
                "Basic 0123456789abcdef",
                "0123456789abcdef"
            })
    void aChangeNeedsTheToken(String authorization) {
        for (String method : List.of("PATCH", "PUT", "DELETE")) {
            Asked asked = ask(method, "/api/backends/a:80").body("{\"url\":\"http://a:80\",\"weight\":9}");
            Reply reply = fixture.answer(
                    authorization.isEmpty() ? asked.with("authorization") : asked.with("authorization", authorization));
            assertEquals(401, reply.status());
            assertEquals("Bearer realm=\"waffle\"", reply.fields().get("WWW-Authenticate"));
            assertTrue(error(reply).startsWith("Authorization: "), reply::body);
            assertFalse(reply.body().contains(AdminFixture.TOKEN), reply::body);
        }
        assertEquals(5, fixture.weight("a:80"));
        assertEquals(0, fixture.changes);
    }

    @Test
    void saysWhatIsMissingOfATokenWithoutItsScheme() {
        Reply reply = fixture.patch(ask("PATCH", "/api/backends/a:80").with("authorization", AdminFixture.TOKEN));
        assertEquals(401, reply.status());
        assertTrue(error(reply).startsWith("Authorization: without the word Bearer"), reply::body);
        assertFalse(reply.body().contains(AdminFixture.TOKEN), reply::body);
    }

    @Test
    void whatHasNoBodyNeedsNoType() {
        assertEquals(
                200,
                fixture.answer(ask("POST", "/api/reload").with("content-type")).status());
        assertEquals(
                200,
                fixture.answer(ask("POST", "/api/reload").with("content-type", "application/x-www-form-urlencoded"))
                        .status());
    }

    @Test
    void theSchemeOfTheTokenIsInAnyCase() {
        assertEquals(
                200,
                fixture.patch(ask("PATCH", "/api/backends/a:80").with("authorization", "bEARER  " + AdminFixture.TOKEN))
                        .status());
    }

    @Test
    void withoutATokenConfiguredNothingIsChanged() {
        AdminFixture tokenless = new AdminFixture(Optional.empty());
        for (String method : List.of("PATCH", "PUT", "DELETE")) {
            Reply reply = tokenless.answer(ask(method, "/api/backends/a:80").body("{\"weight\":9}"));
            assertEquals(403, reply.status());
            assertTrue(error(reply).contains("admin.token_file"), reply::body);
        }
        assertEquals(5, tokenless.weight("a:80"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                     | 200
            Application/JSON; charset=utf-8      | 200
            application/json;charset="UTF-8"     | 200
            text/plain                           | 415
            application/x-www-form-urlencoded    | 415
            application/json; charset=utf-16     | 415
            application/jsonp                    | 415
            """)
    void aChangeIsJson(String type, int status) {
        assertEquals(
                status,
                fixture.patch(ask("PATCH", "/api/backends/a:80").with("content-type", type))
                        .status());
        assertEquals(
                415,
                fixture.patch(ask("PATCH", "/api/backends/a:80").with("content-type"))
                        .status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                | 0 characters
            '  short-token  ' | 11 characters
            0123456789 abcdef | characters that no field can carry
            0123456789abcdeß  | characters that no field can carry
            """)
    void whatIsNoTokenIsNotTakenForOne(String text, String actual, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("other"), text);
        TokenException refusal = assertThrows(TokenException.class, () -> Token.load(file));
        assertEquals(actual, refusal.actual());
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(file + ": "), refusal::getMessage);
        assertFalse(
                !text.isBlank() && String.valueOf(refusal.getMessage()).contains(text.strip()), refusal::getMessage);
    }
}
