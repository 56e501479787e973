// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import java.util.List;
import java.util.Optional;

/**
 * An operation of the API. Each has its place in openapi.json, too.
 *
 * @param path a template, as OpenAPI writes it; a name in braces at its end takes the rest of the path, slashes too
 * @param parameters the query parameters it knows
 */
record Route(String method, String path, List<String> parameters, Handler handler) {

    /** Carries an operation out. */
    @FunctionalInterface
    interface Handler {

        /**
         * Answers.
         *
         * @param id what the path has in place of its template, decoded; empty without one
         */
        Reply handle(Call call, String id);
    }

    static Route of(String method, String path, Handler handler) {
        return new Route(method, path, List.of(), handler);
    }

    /** One that may be told which pool it is about. */
    static Route ofPools(String method, String path, Handler handler) {
        return new Route(method, path, AdminPools.PARAMETER, handler);
    }

    /** Whether it needs the token. */
    boolean changes() {
        return !method.equals("GET");
    }

    boolean matches(String requested) {
        return rest(requested).isPresent();
    }

    Reply answer(Call call) {
        String id = Targets.decode("path", rest(call.path()).orElse(""));
        call.parameters(parameters); // refuses others
        return handler.handle(call, id);
    }

    private Optional<String> rest(String requested) {
        if (!path.endsWith("}")) {
            return requested.equals(path) ? Optional.of("") : Optional.empty();
        }
        String prefix = path.substring(0, path.indexOf('{'));
        return requested.startsWith(prefix) && requested.length() > prefix.length()
                ? Optional.of(requested.substring(prefix.length()))
                : Optional.empty();
    }
}
