// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.server.pool.Pool;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What an orchestrator asks: whether the process serves, and whether it should get requests. */
final class Probes {

    private final Pool pool;
    private final BooleanSupplier stopping;

    Probes(Pool pool, BooleanSupplier stopping) {
        this.pool = pool;
        this.stopping = stopping;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/healthz", (call, none) -> status("alive")),
                Route.of("GET", "/readyz", (call, none) -> ready()));
    }

    private Reply ready() {
        if (stopping.getAsBoolean()) {
            throw new Refusal(Refusal.UNAVAILABLE, "not ready: Waffle is stopping");
        }
        if (!pool.canServe()) {
            throw new Refusal(
                    Refusal.UNAVAILABLE,
                    "not ready: none of " + pool.backends().size() + " backends is available (expected: one at least)");
        }
        return status("ready");
    }

    private static Reply status(String status) {
        return Reply.ok(JSON.createObjectBuilder().add("status", status).build());
    }
}
