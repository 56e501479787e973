// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is read strictly: what two readers could take for two things is no JSON here. */
final class JsonTextTest {

    @Test
    void readsAnObject() {
        assertEquals(
                5,
                read(" {\"weight\": 5, \"labels\": {\"z\\u006fne\": \"\u00e4\"}}\r\n")
                        .getInt("weight"));
        assertEquals(
                "\u00e4",
                read("{\"labels\": {\"z\\u006fne\": \"\u00e4\"}}")
                        .getJsonObject("labels")
                        .getString("zone"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "5",
                "[]",
                "\"x\"",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":-}",
                "{\"a\":1e}",
                "{\"a\":0x10}",
                "{\"a\":NaN}",
                "{\"a\":tru}",
                "{\"a\":True}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\u00a01}",
                "{\"a\":1}x",
                "{\"a\":1} {}",
                "{\"a\":1}\u0000",
                "{\"a\":1}/*c*/",
                "//c\n{\"a\":1}",
                "\ufeff{}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":1}",
                "{\"l\":{\"a\":\"1\",\"a\":\"2\"}}"
            })
    void refusesWhatIsNoObject(String text) {
        Refusal refusal = assertThrows(Refusal.class, () -> read(text));
        assertEquals(Refusal.BAD_REQUEST, refusal.status());
        assertTrue(refusal.error().startsWith("body: "), refusal::error);
        assertTrue(refusal.error().contains("(expected: a JSON object"), refusal::error);
    }

    @Test
    void refusesDepthAndDigitsWithoutEnd() {
        assertThrows(Refusal.class, () -> read("{\"a\":" + "[".repeat(17) + "]".repeat(17) + "}"));
        assertThrows(Refusal.class, () -> read("{\"a\":".repeat(100_000)));
        assertThrows(Refusal.class, () -> read("{\"a\":" + "[".repeat(100_000)));
        assertThrows(
                Refusal.class, () -> read("{\"a\":" + "9".repeat(100_000) + "}").getInt("a"));
    }

    @Test
    void refusesWhatIsNoUtf8() {
        for (byte[] bytes :
                new byte[][] {{(byte) 0xC0, (byte) 0x80}, {(byte) 0xFF}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}}) {
            String body = "{\"a\":\"" + new String(bytes, StandardCharsets.ISO_8859_1) + "\"}";
            assertThrows(Refusal.class, () -> JsonText.object(body.getBytes(StandardCharsets.ISO_8859_1)));
        }
        assertThrows(Refusal.class, () -> JsonText.object("{}".getBytes(StandardCharsets.UTF_16)));
    }

    private static JsonObject read(String text) {
        return JsonText.object(text.getBytes(StandardCharsets.UTF_8));
    }
}
