// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.config.Nearest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Finds the operation a request is for, and whether it is allowed. Knows nothing of how requests come. */
final class AdminApi {

    /** Longer than any path there is. */
    private static final int LONGEST_SHOWN = 64;

    private final Optional<Gate> gate;
    private final List<Route> routes;

    private AdminApi(Optional<Gate> gate, List<Route> routes) {
        this.gate = gate;
        this.routes = List.copyOf(routes);
    }

    /**
     * With all its operations.
     *
     * @param of what there is to look at and to change
     */
    static AdminApi of(Administered of, Gate gate, InstantSource clock) {
        AdminPools pools = new AdminPools(of.pools());
        Views views = new Views(pools, clock);
        List<Route> routes = new ArrayList<>();
        routes.addAll(views.routes());
        routes.addAll(new Changes(pools, views, of.reload()).routes());
        routes.addAll(new RouteViews(of.routes()).routes());
        routes.addAll(new RouteChanges(of.routes(), of.change(), pools).routes());
        routes.addAll(new Explain(pools, of.routes()).routes());
        routes.addAll(new MemoryView(of.memory()).routes());
        routes.addAll(new Probes(pools, of.stopping()).routes());
        routes.addAll(Description.routes());
        return new AdminApi(Optional.of(gate), routes);
    }

    /** What anybody may ask, from anywhere. */
    static AdminApi readOnly(AdminPools pools, BooleanSupplier stopping) {
        return new AdminApi(Optional.empty(), new Probes(pools, stopping).routes());
    }

    List<Route> routes() {
        return routes;
    }

    Reply answer(Call call) {
        try {
            gate.ifPresent(keeper -> keeper.admit(call));
            List<Route> there =
                    routes.stream().filter(route -> route.matches(call.path())).toList();
            if (there.isEmpty()) {
                throw Refusal.of(Refusal.NOT_FOUND, "path", call.path(), "one of " + nearestFirst(call.path()));
            }
            for (Route route : there) {
                if (route.method().equals(call.method())) {
                    return answer(route, call);
                }
            }
            return methodNotAllowed(call, there);
        } catch (Refusal e) {
            Map<String, String> fields = e.status() == Refusal.UNAUTHORIZED
                    ? Map.of("WWW-Authenticate", "Bearer realm=\"waffle\"")
                    : Map.of();
            return Reply.error(e.status(), e.error(), fields);
        }
    }

    private Reply answer(Route route, Call call) {
        if (route.changes()) {
            gate.orElseThrow().admitChange(call);
        }
        return route.answer(call);
    }

    /** All there is, what looks most like that path first. */
    private String nearestFirst(String path) {
        String shown = path.substring(0, Math.min(path.length(), LONGEST_SHOWN));
        return String.join(
                ", ", Nearest.first(shown, routes.stream().map(Route::path).toList()));
    }

    /** What other APIs do by POST to a collection. */
    private static String hint(Call call) {
        return call.method().equals("POST") && call.path().equals("/api/backends")
                ? "; to add one: PUT /api/backends/HOST:PORT"
                : "";
    }

    private static Reply methodNotAllowed(Call call, List<Route> there) {
        String allowed = there.stream().map(Route::method).collect(Collectors.joining(", "));
        String error = "method: " + call.method() + " (expected: " + allowed + hint(call) + ")";
        return Reply.error(Refusal.METHOD_NOT_ALLOWED, error, Map.of("Allow", allowed));
    }
}
