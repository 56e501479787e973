// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.BackendConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the admin API has made of the backends that were configured, and what of it a reload takes back. */
final class AdminChanges {

    private AdminChanges() {}

    /**
     * What goes, an item for each backend.
     *
     * @param configured what was configured
     * @param now what the admin API has made of that
     * @param next what is configured from now on
     */
    static List<String> undone(List<BackendConfig> configured, List<BackendConfig> now, List<BackendConfig> next) {
        Map<String, BackendConfig> before = byId(configured);
        Map<String, BackendConfig> after = byId(next);
        List<String> undone = new ArrayList<>();
        for (BackendConfig backend : now) {
            BackendConfig given = before.remove(backend.id());
            BackendConfig wanted = after.get(backend.id());
            if (!backend.equals(given) && !backend.equals(wanted)) {
                undone.add(backend.id() + " " + (wanted == null ? gone(backend) : difference(backend, wanted)));
            }
        }
        before.keySet().stream().filter(after::containsKey).forEach(removed -> undone.add(removed + " added again"));
        return undone;
    }

    /** An address that is configured by its name alone stays a member, as all of the name. */
    private static String gone(BackendConfig backend) {
        return backend.address().isPresent() ? "as the name it is an address of" : "removed";
    }

    private static String difference(BackendConfig from, BackendConfig to) {
        if (from.draining() != to.draining()) {
            return state(from) + " -> " + state(to);
        }
        return from.weight() == to.weight() ? "as configured" : "weight " + from.weight() + " -> " + to.weight();
    }

    private static String state(BackendConfig backend) {
        return backend.draining() ? "draining" : "active";
    }

    private static Map<String, BackendConfig> byId(List<BackendConfig> backends) {
        return backends.stream().collect(Collectors.toMap(BackendConfig::id, Function.identity(), (one, other) -> one));
    }
}
