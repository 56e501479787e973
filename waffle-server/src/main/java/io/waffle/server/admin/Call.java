// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A request to the API.
 *
 * @param path as received, with nothing decoded
 * @param query as received, without the question mark; may be empty
 * @param fields the values of the field lines of a name in lower case
 * @param content reads the body, which may be empty
 * @param port where it came in
 */
record Call(
        String method,
        String path,
        String query,
        Function<String, List<String>> fields,
        Supplier<byte[]> content,
        int port) {

    Call {
        content = once(content);
    }

    /** A body can be read once, and is asked for more often. */
    private static Supplier<byte[]> once(Supplier<byte[]> content) {
        byte[][] read = new byte[1][];
        return () -> {
            if (read[0] == null) {
                read[0] = content.get();
            }
            return read[0];
        };
    }

    /** The parameters of the query; each once, and none but these. */
    Map<String, String> parameters(List<String> known) {
        return Targets.parameters(query, known);
    }

    /** Those of the one that may come more than once. */
    List<String> repeated(List<String> known) {
        return Targets.all(query, known).getOrDefault(Targets.REPEATED, List.of());
    }

    /** The body, which has to be a JSON object. */
    JsonObject json() {
        return JsonText.object(content.get());
    }
}
