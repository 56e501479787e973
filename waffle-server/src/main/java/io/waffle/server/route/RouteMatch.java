// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.Cidr;
import io.waffle.server.config.InvalidValue;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a request has to be for a route. Nothing given means any; several hosts, methods, clients or listeners are alternatives; of headers, query
 * parameters and cookies all have to hold. Of two conditions on one name the first counts.
 *
 * @param methods letter case counts (RFC 9110 section 9.1); {@code GET} is not {@code HEAD}
 * @param clients blocks, one of which the client's address is in
 * @param listeners names of listeners, one of which the request came in by
 */
public record RouteMatch(
        List<HostMatch> hosts,
        Optional<PathMatch> path,
        Set<String> methods,
        List<FieldMatch> headers,
        List<FieldMatch> query,
        List<FieldMatch> cookies,
        List<Cidr> clients,
        Set<String> listeners) {

    /** Any request. */
    public static final RouteMatch ANY =
            new RouteMatch(List.of(), Optional.empty(), Set.of(), List.of(), List.of(), List.of(), List.of(), Set.of());

    private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}");
    private static final Set<String> COMMON =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT");

    /** Takes away what is said twice; the order of what is left is that of the names, but for the hosts. */
    public RouteMatch {
        hosts = once(hosts);
        methods = sorted(methods);
        headers = firsts(headers);
        query = firsts(query);
        cookies = firsts(cookies);
        clients = once(clients);
        listeners = sorted(listeners);
    }

    /** Checks the name of a method. */
    public static String method(String text) throws InvalidValue {
        boolean misspelt = !COMMON.contains(text) && COMMON.contains(text.toUpperCase(Locale.ROOT));
        if (misspelt || !METHOD.matcher(text).matches() || text.equals("CONNECT")) {
            throw new InvalidValue("a method other than CONNECT, such as GET, in the letter case of the wire");
        }
        return text;
    }

    private static <T> List<T> once(List<T> all) {
        return List.copyOf(
                all.size() < 2 ? all : new LinkedHashSet<>(all)); // most have one, and there may be thousands
    }

    private static Set<String> sorted(Set<String> names) {
        if (names.size() < 2) {
            return Set.copyOf(names);
        }
        return Collections.unmodifiableSet(
                new LinkedHashSet<>(names.stream().sorted().toList()));
    }

    private static List<FieldMatch> firsts(List<FieldMatch> all) {
        if (all.size() < 2) {
            return List.copyOf(all);
        }
        Map<String, FieldMatch> byName = new LinkedHashMap<>();
        for (FieldMatch match : all) {
            byName.putIfAbsent(match.name(), match);
        }
        return byName.values().stream()
                .sorted(Comparator.comparing(FieldMatch::name))
                .toList();
    }
}
