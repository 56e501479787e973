// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The names of all header fields, query parameters and cookies a table has conditions on. Immutable. */
record FieldNames(NameTable headers, NameTable query, NameTable cookies) {

    static final FieldNames NONE = of(List.of());

    static FieldNames of(List<RouteMatch> matches) {
        return new FieldNames(
                table(matches, RouteMatch::headers),
                table(matches, RouteMatch::query),
                table(matches, RouteMatch::cookies));
    }

    NameTable of(FieldKind kind) {
        return switch (kind) {
            case HEADER -> headers;
            case QUERY -> query;
            case COOKIE -> cookies;
        };
    }

    private static NameTable table(List<RouteMatch> matches, Function<RouteMatch, List<FieldMatch>> fields) {
        Set<String> names = new LinkedHashSet<>();
        matches.forEach(match -> fields.apply(match).forEach(field -> names.add(field.name())));
        return new NameTable(names);
    }
}
