// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.WaffleConfig;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Finds in which sections two configurations differ, by the names these have in a file. */
final class Differences {

    /** As many as a line bears. */
    private static final int MOST = 20;

    /** Components that are sections of their own, by name. */
    private static final Set<String> NAMED = Set.of("listeners", "pools", "routes");

    private final Set<String> found = new LinkedHashSet<>();

    private Differences() {}

    static List<String> between(WaffleConfig before, WaffleConfig now) {
        Differences differences = new Differences();
        differences.of(WaffleConfig.class, "", before, now);
        differences.named("listeners", ListenerConfig.class, before.listeners(), now.listeners(), ListenerConfig::name);
        differences.named("pools", PoolConfig.class, before.pools(), now.pools(), PoolConfig::name);
        differences.named("routes", RouteConfig.class, before.routes(), now.routes(), RouteConfig::name);
        List<String> all = List.copyOf(differences.found.stream().limit(MOST).toList());
        return differences.found.size() > MOST
                ? List.of(String.join(", ", all) + " and " + (differences.found.size() - MOST) + " more")
                : all;
    }

    private <R extends Record> void named(
            String section, Class<R> type, List<R> before, List<R> now, Function<R, String> name) {
        Map<String, R> former = byName(before, name);
        byName(now, name).forEach((each, next) -> {
            R old = former.remove(each);
            if (old == null) {
                found.add(section + "." + each + " (new)");
            } else {
                of(type, each.equals(WaffleConfig.DEFAULT) ? "" : section + "." + each + ".", old, next);
            }
        });
        former.keySet().forEach(gone -> found.add(section + "." + gone + " (gone)"));
    }

    private static <R> Map<String, R> byName(List<R> all, Function<R, String> name) {
        Map<String, R> map = new LinkedHashMap<>();
        all.forEach(each -> map.put(name.apply(each), each));
        return map;
    }

    /** What many inherit is told once, by where they have it from. */
    private <R extends Record> void of(Class<R> type, String prefix, R before, R now) {
        if (before.equals(now)) {
            return;
        }
        for (RecordComponent section : type.getRecordComponents()) {
            String name = section.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (!NAMED.contains(name)
                    && !found.contains(name)
                    && !Objects.equals(value(section, before), value(section, now))) {
                found.add(prefix + name);
            }
        }
    }

    private static Object value(RecordComponent section, Record config) {
        try {
            return section.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
