// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.config.InvalidValue;
import io.waffle.server.config.Setting;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the fields of a body by the forms of the settings of the same names. */
final class Fields {

    private final JsonObject body;

    /** Refuses a body with a field that is none of these. */
    Fields(JsonObject body, List<String> known) {
        this.body = body;
        for (String name : body.keySet()) {
            if (!known.contains(name)) {
                throw Refusal.badValue("field", name, "one of " + String.join(", ", known));
            }
        }
        if (body.isEmpty()) {
            throw Refusal.badValue("body", "no field", "one of " + String.join(", ", known));
        }
    }

    <T> Optional<T> number(String name, Setting<T> setting) {
        return find(name).map(value -> number(name, value, setting));
    }

    Optional<Boolean> flag(String name) {
        return find(name).map(value -> {
            if (!value.equals(JsonValue.TRUE) && !value.equals(JsonValue.FALSE)) {
                throw Refusal.badValue(name, value.toString(), "true or false");
            }
            return value.equals(JsonValue.TRUE);
        });
    }

    <T> Optional<T> text(String name, Setting<T> setting) {
        return string(name).map(text -> read(name, text, setting));
    }

    Optional<String> string(String name) {
        return find(name).map(value -> string(name, value));
    }

    /** Of an object whose values are strings. */
    Optional<Map<String, String>> strings(String name) {
        return find(name).map(value -> {
            if (!(value instanceof JsonObject object)) {
                throw Refusal.badValue(name, value.toString(), "an object whose values are strings");
            }
            Map<String, String> strings = new HashMap<>();
            object.forEach((key, each) -> strings.put(wellFormed(name, key), string(name + "." + key, each)));
            return strings;
        });
    }

    /** Of an object whose values are numbers, by the form of this setting, in their order. */
    <T> Optional<Map<String, T>> numbers(String name, Setting<T> setting) {
        return find(name).map(value -> {
            if (!(value instanceof JsonObject object)) {
                throw Refusal.badValue(name, value.toString(), "an object whose values are numbers");
            }
            Map<String, T> numbers = new LinkedHashMap<>();
            object.forEach((key, each) -> numbers.put(wellFormed(name, key), number(name + "." + key, each, setting)));
            return numbers;
        });
    }

    private static <T> T number(String where, JsonValue value, Setting<T> setting) {
        if (!(value instanceof JsonNumber)) {
            throw Refusal.badValue(where, value.toString(), "a number");
        }
        return read(where, value.toString(), setting);
    }

    private Optional<JsonValue> find(String name) {
        return Optional.ofNullable(body.get(name));
    }

    private static String string(String where, JsonValue value) {
        if (!(value instanceof JsonString string)) {
            throw Refusal.badValue(where, value.toString(), "a string");
        }
        return wellFormed(where, string.getString());
    }

    /** Half a surrogate pair can be escaped in JSON, but is no text. */
    private static String wellFormed(String where, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw Refusal.badValue(where, "half a surrogate pair", "text");
        }
        return text;
    }

    private static <T> T read(String where, String text, Setting<T> setting) {
        try {
            return setting.read(text);
        } catch (InvalidValue e) {
            throw Refusal.badValue(where, text, e.expected());
        }
    }
}
