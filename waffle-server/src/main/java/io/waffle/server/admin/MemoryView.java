// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.MemoryBudget.Use;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** The memory that traffic takes of what it may: {@code limits.memory}, and who was refused for want of it. */
final class MemoryView {

    private final MemoryBudget memory;

    MemoryView(MemoryBudget memory) {
        this.memory = memory;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/api/memory", (call, none) -> Reply.ok(view())));
    }

    private JsonObject view() {
        JsonArrayBuilder uses = JSON.createArrayBuilder();
        for (Use use : Use.values()) {
            uses.add(JSON.createObjectBuilder()
                    .add("use", use.name().toLowerCase(Locale.ROOT))
                    .add("most", memory.most(use))
                    .add("refused", memory.refused(use)));
        }
        Runtime runtime = Runtime.getRuntime();
        return JSON.createObjectBuilder()
                .add("bound", memory.bound())
                .add("taken", memory.taken())
                .add("uses", uses)
                .add(
                        "heap",
                        JSON.createObjectBuilder()
                                .add("used", runtime.totalMemory() - runtime.freeMemory())
                                .add("max", runtime.maxMemory()))
                .build();
    }
}
