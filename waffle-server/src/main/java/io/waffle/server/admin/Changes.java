// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.BackendSettings;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.WaffleConfig;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Changes the backends; each change is logged once. What is not allowed changes nothing. */
final class Changes {

    private static final System.Logger LOG = System.getLogger("io.waffle.admin");
    private static final String PATH = "/api/backends/{id}";

    private final AdminPools pools;
    private final Views views;
    private final Supplier<List<String>> reload;

    /**
     * Through the one place that changes members.
     *
     * @param reload reads the configuration anew; returns what is wrong with it
     */
    Changes(AdminPools pools, Views views, Supplier<List<String>> reload) {
        this.pools = pools;
        this.views = views;
        this.reload = reload;
    }

    List<Route> routes() {
        return List.of(
                Route.ofPools("PATCH", PATH, this::patch),
                Route.ofPools("PUT", PATH, this::put),
                Route.ofPools("DELETE", PATH, this::delete),
                Route.of("POST", "/api/reload", this::reload));
    }

    private Reply patch(Call call, String id) {
        AdminPool in = pools.with(call, id);
        Fields fields = new Fields(call.json(), List.of("weight", "state"));
        Optional<Integer> weight = fields.number("weight", BackendSettings.WEIGHT);
        Optional<Boolean> draining = draining(fields);
        List<String> told = new ArrayList<>();
        in.members().change(configured -> withPlaceFor(in, id, configured).stream()
                .map(each -> {
                    if (!each.id().equals(id) && !each.name().equals(id)) {
                        return each;
                    }
                    BackendConfig after = weight.map(each::withWeight).orElse(each);
                    after = draining.map(after::withDraining).orElse(after);
                    note(told, each, after);
                    return after;
                })
                .toList());
        told.forEach(change -> tell(in, change));
        return Reply.ok(views.backend(in, id));
    }

    /** With the one of this id; what a name stands for is not there by its address until something else is wanted of it. */
    private static List<BackendConfig> withPlaceFor(AdminPool in, String id, List<BackendConfig> configured) {
        if (indexOf(configured, id) >= 0) {
            return configured;
        }
        BackendConfig address = in.members().members().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(id));
        return with(configured, -1, address);
    }

    private Reply put(Call call, String id) {
        AdminPool in = pools.into(call, id);
        refuseAddress(in, id);
        BackendConfig wanted = backend(
                in,
                new Fields(
                        call.json(),
                        List.of("url", "weight", "state", "in_flight", "labels", "health_port", "health_path")));
        if (!wanted.id().equals(id)) {
            throw Refusal.of(
                    Refusal.CONFLICT,
                    "url",
                    wanted.uri().toString(),
                    "the URL of " + id + "; this one is that of " + wanted.id());
        }
        boolean[] created = new boolean[1];
        List<String> told = new ArrayList<>();
        in.members().change(configured -> {
            int at = indexOf(configured, id);
            created[0] = at < 0;
            if (created[0]) {
                told.add(id + " is added at " + wanted.uri() + ", weight " + wanted.weight());
            } else {
                note(told, configured.get(at), wanted);
            }
            List<BackendConfig> next = with(configured, at, wanted);
            next.removeIf(each -> each.address().isPresent() && each.name().equals(id));
            return next;
        });
        told.forEach(change -> tell(in, change));
        return created[0] ? Reply.created(views.backend(in, id)) : Reply.ok(views.backend(in, id));
    }

    private Reply delete(Call call, String id) {
        if (call.content().get().length > 0) {
            throw Refusal.badValue("body", "one", "none");
        }
        AdminPool in = pools.with(call, id);
        in.members().change(configured -> {
            refuseAddress(in, id);
            if (indexOf(configured, id) < 0) {
                throw unknown(id);
            }
            List<BackendConfig> left = new ArrayList<>(configured);
            left.removeIf(each -> each.name().equals(id));
            return left;
        });
        tell(in, id + " is removed");
        return Reply.ok(JSON.createObjectBuilder().add("removed", id).build());
    }

    private Reply reload(Call call, String none) {
        if (call.content().get().length > 0) {
            throw Refusal.badValue("body", "one", "none");
        }
        List<String> problems = reload.get();
        if (!problems.isEmpty()) {
            throw new Refusal(Refusal.UNPROCESSABLE, "nothing was changed: " + String.join("; ", problems));
        }
        return Reply.ok(JSON.createObjectBuilder().add("reloaded", true).build());
    }

    private static BackendConfig backend(AdminPool in, Fields fields) {
        BackendUrl url = fields.text("url", BackendSettings.URL)
                .orElseThrow(() -> Refusal.badValue("body", "no url", "a backend with the field url"));
        return new BackendConfig(
                url,
                fields.number("weight", BackendSettings.WEIGHT).orElse(1),
                fields.number("in_flight", BackendSettings.IN_FLIGHT)
                        .orElseGet(() -> in.config().get().limits().backendInFlight()),
                fields.strings("labels").orElse(Map.of()),
                fields.number("health_port", BackendSettings.HEALTH_PORT),
                fields.text("health_path", BackendSettings.HEALTH_PATH),
                Optional.empty(),
                draining(fields).orElse(false),
                false);
    }

    private static Optional<Boolean> draining(Fields fields) {
        return fields.string("state").map(state -> switch (state) {
            case "active" -> false;
            case "draining" -> true;
            default -> throw Refusal.badValue("state", state, "active or draining");
        });
    }

    private static int indexOf(List<BackendConfig> configured, String id) {
        for (int i = 0; i < configured.size(); i++) {
            if (configured.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /** With this backend in that place; at the end if there is none. */
    private static List<BackendConfig> with(List<BackendConfig> configured, int at, BackendConfig backend) {
        List<BackendConfig> next = new ArrayList<>(configured);
        if (at < 0) {
            next.add(backend);
        } else {
            next.set(at, backend);
        }
        return next;
    }

    /** A name server says which addresses there are. */
    private static void refuseAddress(AdminPool in, String id) {
        in.members().members().stream()
                .filter(member -> member.address().isPresent() && member.id().equals(id))
                .findFirst()
                .ifPresent(address -> {
                    throw Refusal.of(
                            Refusal.CONFLICT,
                            "backend",
                            id,
                            address.name()
                                    + ", of which this is one address; a PATCH drains or weighs the address alone");
                });
    }

    private static Refusal unknown(String id) {
        return Refusal.of(Refusal.NOT_FOUND, "backend", id, Views.UNKNOWN);
    }

    /** After the fact: who reads it may count on it. */
    private static void tell(AdminPool in, String change) {
        String pool = in.name().equals(WaffleConfig.DEFAULT) ? "" : in.name() + "/";
        LOG.log(Level.INFO, "admin API: backend " + pool + change);
    }

    private static void note(List<String> told, BackendConfig before, BackendConfig after) {
        List<String> all = new ArrayList<>();
        note(all, "url", before.uri(), after.uri());
        note(all, "weight", before.weight(), after.weight());
        note(all, "state", Views.state(before), Views.state(after));
        note(all, "in_flight", before.inFlight(), after.inFlight());
        note(all, "labels", new TreeMap<>(before.labels()), new TreeMap<>(after.labels()));
        note(all, "health_port", before.checkPort(), after.checkPort());
        note(
                all,
                "health_path",
                before.healthPath().orElse("none"),
                after.healthPath().orElse("none"));
        if (!all.isEmpty()) {
            told.add(before.id() + ": " + String.join(", ", all));
        }
    }

    private static void note(List<String> to, String what, Object before, Object after) {
        if (!before.equals(after)) {
            to.add(what + " " + before + " -> " + after);
        }
    }
}
