// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import jakarta.json.JsonValue;
import java.util.Map;

/**
 * An answer.
 *
 * @param fields beyond those that every answer has
 * @param body JSON
 */
record Reply(int status, Map<String, String> fields, String body) {

    private static final int OK = 200;
    private static final int CREATED = 201;

    static Reply ok(JsonValue body) {
        return ok(text(body));
    }

    static Reply ok(String body) {
        return new Reply(OK, Map.of(), body);
    }

    /** With what a change may be made conditional on (RFC 9110 section 8.8.3). */
    static Reply ok(JsonValue body, String tag) {
        return new Reply(OK, Map.of("ETag", tag), text(body));
    }

    static Reply created(JsonValue body) {
        return new Reply(CREATED, Map.of(), text(body));
    }

    static Reply error(int status, String error, Map<String, String> fields) {
        return new Reply(
                status,
                fields,
                text(JSON.createObjectBuilder().add("error", error).build()));
    }

    private static String text(JsonValue body) {
        return body + "\n";
    }
}
