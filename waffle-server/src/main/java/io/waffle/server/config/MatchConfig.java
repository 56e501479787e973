// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Conditions of a route, all of which must hold; what is empty holds always.
 *
 * @param hosts one of which must be asked for: a name, or {@code *.} and a name for those below it
 * @param methods one of which the request must have
 * @param headers fields it must have, with the values they must have
 * @param query parameters, the same
 * @param cookies the same
 * @param clients one of which must hold its address
 * @param listeners by one of which it must have come
 */
public record MatchConfig(
        List<String> hosts,
        Optional<PathConfig> path,
        List<String> methods,
        Map<String, ValueConfig> headers,
        Map<String, ValueConfig> query,
        Map<String, ValueConfig> cookies,
        List<Cidr> clients,
        List<String> listeners) {

    /** What holds for every request. */
    public static final MatchConfig ANY =
            new MatchConfig(List.of(), Optional.empty(), List.of(), Map.of(), Map.of(), Map.of(), List.of(), List.of());

    /** How the text of a path is to be read. */
    public enum PathKind {
        /** It, and all below it, by segments. */
        PREFIX,
        /** It alone. */
        EXACT,
        /** As many segments, {@code *} being any. */
        PATTERN,
        /** An expression that holds for the whole path. */
        REGEX
    }

    /** A condition on the path. */
    public record PathConfig(PathKind kind, String text) {}

    /** How the text of a value is to be read. */
    public enum ValueKind {
        EXACT,
        /** Any value will do; the text is empty. */
        PRESENT,
        REGEX
    }

    /** A condition on a value. */
    public record ValueConfig(ValueKind kind, String text) {}

    public MatchConfig {
        hosts = List.copyOf(hosts);
        methods = List.copyOf(methods);
        headers = Map.copyOf(headers);
        query = Map.copyOf(query);
        cookies = Map.copyOf(cookies);
        clients = List.copyOf(clients);
        listeners = List.copyOf(listeners);
    }
}
