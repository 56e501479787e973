// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import java.util.List;
import java.util.function.BooleanSupplier;

/** What an orchestrator asks: whether the process serves, and whether it should get requests. */
final class Probes {

    private final AdminPools pools;
    private final BooleanSupplier stopping;

    Probes(AdminPools pools, BooleanSupplier stopping) {
        this.pools = pools;
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
        List<AdminPool> all = pools.all();
        if (all.stream().noneMatch(each -> each.pool().canServe())) {
            int backends =
                    all.stream().mapToInt(each -> each.pool().backends().size()).sum();
            throw new Refusal(
                    Refusal.UNAVAILABLE,
                    "not ready: none of " + backends + " backends is available (expected: one at least)");
        }
        return status("ready");
    }

    private static Reply status(String status) {
        return Reply.ok(JSON.createObjectBuilder().add("status", status).build());
    }
}
