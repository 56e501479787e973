// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds which routes came near to taking a request, and what they failed at. */
final class RouteExplainer {

    /** How many are told of. */
    private static final int MOST = 10;

    private static final int HOST = 0;
    private static final int PATH = 1;
    private static final int METHOD = 2;
    private static final int LISTENER = 3;
    private static final int FIELDS = 4;
    private static final int CLIENT = Integer.MAX_VALUE - 1;
    private static final int PRECISION = Integer.MAX_VALUE;

    private final RouteQuery query;
    private final long method;

    RouteExplainer(RouteQuery query, long method) {
        this.query = query;
        this.method = method;
    }

    private record Failure(Candidate candidate, int stage, String check) {}

    /** All that do not win, the nearest first: those that passed the most checks. */
    List<RouteExplanation.Loser> losers(Candidate[] candidates, int winner) {
        List<Failure> failures = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (candidate.rule() != winner) {
                failures.add(failure(candidate));
            }
        }
        failures.sort(Comparator.comparingInt(Failure::stage).reversed()); // stable: else the more precise is nearer
        Set<Integer> told = new HashSet<>();
        return failures.stream()
                .filter(failure -> told.add(failure.candidate().rule()))
                .limit(MOST)
                .map(failure -> new RouteExplanation.Loser(failure.candidate().name(), failure.check()))
                .toList();
    }

    static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private Failure failure(Candidate candidate) {
        if (!candidate.hostHolds(query)) {
            return new Failure(
                    candidate,
                    HOST,
                    "host " + candidate.host().map(Object::toString).orElse(""));
        }
        if (!candidate.pathHolds(query)) {
            return new Failure(candidate, PATH, candidate.path().toString());
        }
        if (!candidate.methodHolds(method)) {
            return new Failure(candidate, METHOD, RouteWords.methods(candidate.match()));
        }
        if (!candidate.listenerHolds(query.listener())) {
            return new Failure(candidate, LISTENER, RouteWords.listeners(candidate.match()));
        }
        FieldCheck[] fields = candidate.fields();
        for (int i = 0; i < fields.length; i++) {
            if (!fields[i].holds(query)) {
                return new Failure(candidate, FIELDS + i, fields[i].toString());
            }
        }
        if (!candidate.clientHolds(query)) {
            return new Failure(candidate, CLIENT, RouteWords.clients(candidate.match()));
        }
        return new Failure(candidate, PRECISION, "less precise: " + RouteWords.rank(candidate));
    }
}
