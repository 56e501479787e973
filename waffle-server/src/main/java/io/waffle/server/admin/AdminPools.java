// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.config.WaffleConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The pools there are at the time of asking, and which of them a call is about: the one it names, or the only one it can be. */
record AdminPools(Supplier<List<AdminPool>> now) {

    /** By which a call names one. */
    static final List<String> PARAMETER = List.of("pool");

    List<AdminPool> all() {
        return now.get();
    }

    /** Those a call is about: the one it names, or all. */
    List<AdminPool> of(Call call) {
        return given(call).map(List::of).orElseGet(this::all);
    }

    /** The one with a backend of this id. */
    AdminPool with(Call call, String id) {
        Optional<AdminPool> named = given(call);
        if (named.isPresent()) {
            return named.get();
        }
        List<AdminPool> having = all().stream().filter(pool -> pool.has(id)).toList();
        if (having.size() > 1) {
            throw Refusal.of(
                    Refusal.CONFLICT,
                    "backend",
                    id,
                    "the parameter pool, as it is in several: one of " + names(having));
        }
        return having.stream()
                .findFirst()
                .orElseThrow(() -> Refusal.of(Refusal.NOT_FOUND, "backend", id, Views.UNKNOWN));
    }

    /** The one a backend of this id is put into: where it is, or the default, or the only one. */
    AdminPool into(Call call, String id) {
        List<AdminPool> all = all();
        boolean known = given(call).isPresent() || all.stream().anyMatch(pool -> pool.has(id));
        if (known) {
            return with(call, id);
        }
        return all.stream()
                .filter(pool -> pool.name().equals(WaffleConfig.DEFAULT) || all.size() == 1)
                .findFirst()
                .orElseThrow(() -> Refusal.badValue("pool", "none", "one of " + names(all)));
    }

    private Optional<AdminPool> given(Call call) {
        Optional<String> name = Optional.ofNullable(call.parameters(PARAMETER).get("pool"));
        return name.map(this::named);
    }

    AdminPool named(String name) {
        List<AdminPool> all = all();
        return all.stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.of(Refusal.NOT_FOUND, "pool", name, "one of " + names(all)));
    }

    private static String names(List<AdminPool> pools) {
        return pools.stream().map(AdminPool::name).collect(Collectors.joining(", "));
    }
}
