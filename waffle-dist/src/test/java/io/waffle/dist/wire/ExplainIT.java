// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the admin API says of a client that a cookie keeps with a backend, beside what happens to it. */
final class ExplainIT {

    private static final String FORGED = "w=AAAAAAAAAAAAAAAAAAAAAA";

    @AutoClose
    private final Site site;

    private final AdminClient admin;
    private final String cookie;
    private final String home;

    ExplainIT(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
        site = Site.open(
                3,
                "-sticky-cookie",
                "w",
                "-log-level",
                "trace",
                "-admin",
                "127.0.0.1:0",
                "-admin-token-file",
                "" + token);
        admin = AdminClient.of(site.waffle());
        for (ScriptedBackend backend : site.backends()) {
            backend.on(request -> request.connection().answer(200, "127.0.0.1:" + backend.port()));
        }
        Response first = site.get("/");
        cookie = first.value("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        home = first.text();
    }

    @Test
    @DisplayName(
            "a client with a cookie is told to go where it goes, as often as one asks, and a forged cookie is nothing")
    void sticky() {
        for (int i = 0; i < 5; i++) {
            JsonObject told = explain("theme=dark;%20" + cookie);
            assertEquals("sticky", told.getString("reason"));
            assertEquals(home, told.getString("choice"));
            JsonObject other = explain(FORGED);
            assertEquals("policy", other.getString("reason"));
            assertEquals(serve(FORGED), other.getString("choice"));
            assertEquals(home, serve(cookie));
        }
    }

    @Test
    @DisplayName("a client whose backend is gone is told to go where the strategy sends it")
    void gone() {
        admin.change("DELETE", "/api/backends/" + home, "");
        JsonObject told = explain(cookie);
        assertEquals("policy", told.getString("reason"));
        assertEquals(serve(cookie), told.getString("choice"));
    }

    @Test
    @DisplayName("the cookie is neither in an answer nor in the log, whatever is wrong with the request")
    void secret() {
        String value = cookie.substring("w=".length());
        for (String wrong : List.of(
                "",
                "%00",
                "%GG",
                "%FF",
                "\"",
                "<",
                "|",
                " x",
                "; x=y",
                "\t",
                "\u007f",
                "%C3%A4",
                "\u00e4",
                "y".repeat(9_000))) {
            Response response = admin.send("GET", "/api/explain?cookie=" + cookie + wrong, "");
            assertTrue(response.status() < 500, response::text);
            assertFalse(response.text().contains(value), wrong + ": " + response.text());
        }
        assertEquals(
                400,
                admin.send("GET", "/api/explain?cookie=" + "y".repeat(4_097), "")
                        .status());
        site.waffle().close();
        assertFalse(site.waffle().output().contains(value), site.waffle()::output);
    }

    private JsonObject explain(String encoded) {
        return admin.get("/api/explain?cookie=" + encoded);
    }

    private String serve(String with) {
        return site.exchange("GET / HTTP/1.1\r\nHost: waffle.test\r\nCookie: " + with + "\r\n\r\n")
                .text();
    }
}
