// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.Cidr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One match of a route, for one of its hosts: what is ranked, and held against requests. Immutable. */
final class Candidate {

    private final int rule;
    private final String name;
    private final RouteMatch match;
    private final Optional<HostMatch> host;
    private final PathMatch path;
    private final RouteOrder.Rank rank;
    private final byte[] hostName;
    private final PathCheck pathTest;
    private final boolean partial;
    private final long methods;
    private final FieldCheck[] fields;
    private final Cidr[] clients;
    private final int[] listeners;

    Candidate(int rule, String name, RouteMatch match, Optional<HostMatch> host, Dictionary words) {
        this.rule = rule;
        this.name = name;
        this.match = match;
        this.host = host;
        this.path = match.path().orElse(new PathMatch.Prefix(""));
        this.rank = RouteOrder.rank(rule, name, host, path, match);
        this.hostName = PathCheck.bytes(host.map(HostMatch::name).orElse(""));
        this.pathTest = PathCheck.of(path);
        this.partial = path instanceof PathMatch.Pattern || path instanceof PathMatch.Regex;
        this.methods = words.methodBits(match.methods());
        this.fields = fields(match, words.fields());
        this.clients = match.clients().toArray(Cidr[]::new);
        this.listeners = match.listeners().stream().mapToInt(words::listener).toArray();
    }

    /** Which route it is of. */
    int rule() {
        return rule;
    }

    /** The name of that route. */
    String name() {
        return name;
    }

    RouteMatch match() {
        return match;
    }

    Optional<HostMatch> host() {
        return host;
    }

    PathMatch path() {
        return path;
    }

    /** How precise it is. */
    RouteOrder.Rank rank() {
        return rank;
    }

    /** Those that have to hold, cheap ones first. */
    FieldCheck[] fields() {
        return fields;
    }

    /** Whether the request is for this. */
    boolean holds(RouteQuery query, long method) {
        return hostHolds(query) && pathHolds(query) && restHolds(query, method);
    }

    boolean hostHolds(RouteQuery query) {
        if (host.isEmpty()) {
            return true;
        }
        int more = query.hostLength() - hostName.length;
        if (!host.get().wildcard()) {
            return more == 0 && Arrays.equals(query.host(), 0, hostName.length, hostName, 0, hostName.length);
        }
        return more > 1
                && query.host()[0] != '.'
                && query.host()[more - 1] == '.'
                && Arrays.equals(query.host(), more, query.hostLength(), hostName, 0, hostName.length);
    }

    boolean pathHolds(RouteQuery query) {
        return pathTest.holds(query.path(), query.pathLength(), query.machine());
    }

    /** Whether the request is for this, if host and path are as the index says where this hangs. */
    boolean holdsHere(RouteQuery query, long method) {
        return (!partial || pathHolds(query)) && restHolds(query, method);
    }

    /** The text that the field of this test has to have, if it has to have one. */
    byte @Nullable [] textOf(FieldCheck test) {
        for (FieldCheck field : fields) {
            if (field.kind() == test.kind() && field.number() == test.number()) {
                return field.exact();
            }
        }
        return null;
    }

    /** Whether all but host and path holds. */
    boolean restHolds(RouteQuery query, long method) {
        if (!methodHolds(method) || !listenerHolds(query.listener())) {
            return false;
        }
        for (FieldCheck field : fields) {
            if (!field.holds(query)) {
                return false;
            }
        }
        return clientHolds(query);
    }

    boolean methodHolds(long method) {
        return methods == 0 || (methods & method) != 0;
    }

    boolean listenerHolds(int listener) {
        if (listeners.length == 0) {
            return true;
        }
        for (int one : listeners) {
            if (one == listener) {
                return true;
            }
        }
        return false;
    }

    boolean clientHolds(RouteQuery query) {
        if (clients.length == 0) {
            return true;
        }
        for (Cidr block : clients) {
            if (block.contains(query.client())) {
                return true;
            }
        }
        return false;
    }

    private static FieldCheck[] fields(RouteMatch match, FieldNames names) {
        List<FieldCheck> tests = new ArrayList<>();
        match.headers().forEach(field -> tests.add(test(FieldKind.HEADER, field, names)));
        match.cookies().forEach(field -> tests.add(test(FieldKind.COOKIE, field, names)));
        match.query().forEach(field -> tests.add(test(FieldKind.QUERY, field, names)));
        return tests.toArray(FieldCheck[]::new);
    }

    private static FieldCheck test(FieldKind kind, FieldMatch field, FieldNames names) {
        return new FieldCheck(kind, field, names.of(kind).find(field.name()));
    }
}
