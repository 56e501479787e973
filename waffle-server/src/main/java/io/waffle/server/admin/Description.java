// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The API's own description. */
final class Description {

    private Description() {}

    static List<Route> routes() {
        return List.of(Route.of("GET", "/api/openapi.json", (call, none) -> Reply.ok(openApi())));
    }

    private static String openApi() {
        try (InputStream file = Objects.requireNonNull(Description.class.getResourceAsStream("openapi.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.json", e);
        }
    }
}
