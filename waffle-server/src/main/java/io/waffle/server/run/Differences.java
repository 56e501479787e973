// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.WaffleConfig;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
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

    /** Of the types that were looked at: asking the JDK for them costs more than comparing them. */
    private final Map<Class<?>, List<Section>> sections = new HashMap<>();

    private record Section(String name, Method accessor) {

        Object of(Record config) {
            try {
                return accessor.invoke(config);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

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
        if (found.size() > MOST) {
            if (!isSame(before, now)) {
                found.add(prefix); // nobody is told more of it than that it is one more
            }
            return;
        }
        if (before.equals(now)) {
            return;
        }
        for (Section section : sections.computeIfAbsent(type, Differences::sections)) {
            if (!found.contains(section.name()) && !Objects.equals(section.of(before), section.of(now))) {
                found.add(prefix + section.name());
            }
        }
    }

    /** What differs most is looked at first: of thousands of routes their conditions, which a record would compare last. */
    private static boolean isSame(Record before, Record now) {
        boolean other = before instanceof RouteConfig one
                && now instanceof RouteConfig two
                && !one.matches().equals(two.matches());
        return !other && before.equals(now);
    }

    private static List<Section> sections(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> new Section(
                        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
                        component.getAccessor()))
                .filter(section -> !NAMED.contains(section.name()))
                .toList();
    }
}
