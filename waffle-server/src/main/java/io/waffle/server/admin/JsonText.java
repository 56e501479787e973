// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads JSON as RFC 8259 has it and nothing else: UTF-8, each name once in its object, nothing behind the object. */
final class JsonText {

    /** More than anything here needs, and too little to run out of stack. */
    private static final int DEPTH = 16;

    /** Makes all JSON here: found once, since each look for it opens jars. */
    static final JsonProvider JSON = JsonProvider.provider();

    private static final Map<String, Object> CONFIG =
            Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE, "org.eclipse.parsson.maxDepth", DEPTH);

    private static final JsonParserFactory PARSERS = JSON.createParserFactory(CONFIG);
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(CONFIG);

    private JsonText() {}

    /** Read twice: the reader finds names that come twice, the parser what comes behind the object, and neither both. */
    static JsonObject object(byte[] body) {
        String text = text(body);
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            checkWhole(text);
            return reader.readObject();
        } catch (Refusal e) {
            throw e;
        } catch (JsonException e) {
            throw Refusal.badValue("body", "no JSON: " + firstLine(e), "a JSON object");
        } catch (RuntimeException e) {
            // How the parser says that there is too much of something: levels, digits.
            throw Refusal.badValue("body", firstLine(e), "a JSON object, with at most " + DEPTH + " levels");
        }
    }

    private static void checkWhole(String text) {
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            if (!parser.hasNext() || parser.next() != JsonParser.Event.START_OBJECT) {
                throw Refusal.badValue("body", "no JSON object", "a JSON object");
            }
            while (parser.hasNext()) {
                parser.next();
            }
        }
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.badValue("body", "no UTF-8", "a JSON object in UTF-8");
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
