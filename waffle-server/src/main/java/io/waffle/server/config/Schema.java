// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import io.waffle.server.config.YamlTree.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys a mapping in the file may have, from the table of settings: those whose path is there, and in a section for a listener, a pool or a
 * route those of that scope, too. Made once for each place, however many items a list has.
 */
final class Schema {

    /** A step of a path that stands for any name. */
    static final String NAME = "NAME";

    /** What a place is of whose sections there are several. */
    private static final Map<String, Scope> SCOPES =
            Map.of("listeners.NAME.", Scope.LISTENER, "pools.NAME.", Scope.POOL, "routes[].", Scope.ROUTE);

    /** The others of whose sections there are several, and what these may be called. */
    private static final Map<String, Form<String>> NAMED = Map.of(
            "limits.rates.NAME.",
            Forms.NAME,
            "tls.names.NAME.",
            Forms.SERVER_NAME_PATTERN,
            "listeners.NAME.tls.names.NAME.",
            Forms.SERVER_NAME_PATTERN);

    /** Where the conditions of a route may stand once more, as alternatives. */
    private static final String MATCH = "routes[].match[].";

    /** The names of keys here, without those further down, in the order of the table; with the setting, but for a section. */
    private final Map<String, Optional<Setting<?>>> keys = new LinkedHashMap<>();

    /** Those keys behind which any names stand. */
    private final Set<String> named = new HashSet<>();

    private final Map<String, Schema> below = new HashMap<>();
    private final String prefix;

    /** What is here and below, by its path from here. */
    private final Map<String, Setting<?>> paths = new LinkedHashMap<>();

    /** Of the whole file. */
    Schema() {
        this("", all());
    }

    private Schema(String prefix, Map<String, Setting<?>> above) {
        this.prefix = prefix;
        paths.putAll(above);
        if (SCOPES.containsKey(prefix)) {
            Scope scope = SCOPES.get(prefix);
            Settings.all().stream()
                    .filter(setting -> setting.scope() == scope)
                    .forEach(setting -> paths.putIfAbsent(setting.path(), setting));
        }
        if (prefix.equals(MATCH)) {
            RouteSettings.conditions()
                    .forEach(setting -> paths.put(setting.path().substring("routes[].".length()), setting));
        }
        paths.forEach((path, setting) -> {
            String key = path.split("[.\\[]", 2)[0];
            keys.putIfAbsent(key, Optional.empty());
            if (path.equals(key)) {
                keys.put(key, Optional.<Setting<?>>of(setting));
            }
            String each = prefix + key + "." + NAME + ".";
            if (SCOPES.containsKey(each) || NAMED.containsKey(each)) {
                named.add(key);
            }
        });
    }

    private static Map<String, Setting<?>> all() {
        Map<String, Setting<?>> all = new LinkedHashMap<>();
        Settings.all().stream()
                .filter(setting -> !setting.path().isEmpty())
                .forEach(setting -> all.put(setting.path(), setting));
        Setting<?> backends = BackendSettings.BACKENDS;
        all.put("pools." + NAME + "." + backends.path(), backends); // nothing else is a pool's alone
        return all;
    }

    Set<String> keys() {
        return keys.keySet();
    }

    /** The setting of this key; none for a section. */
    Optional<Setting<?>> setting(String key) {
        return keys.getOrDefault(key, Optional.empty());
    }

    /** Whether a mapping of free names is there, of which each has a section. */
    boolean hasNames(String key) {
        return named.contains(key);
    }

    /** What those sections may be called. */
    Form<String> nameForm(String key) {
        return NAMED.getOrDefault(prefix + key + "." + NAME + ".", Forms.NAME);
    }

    /** What each of those sections has. */
    Schema named(String key) {
        return below(key + "." + NAME + ".");
    }

    Schema section(String key) {
        return below(key + ".");
    }

    Schema items(String key) {
        return below(key + "[].");
    }

    /** Whether a mapping may be there in place of the value. */
    boolean hasSection(String key) {
        return !section(key).keys.isEmpty();
    }

    private Schema below(String step) {
        return below.computeIfAbsent(step, path -> {
            Map<String, Setting<?>> there = new LinkedHashMap<>();
            paths.forEach((from, setting) -> {
                if (from.startsWith(step)) {
                    there.put(from.substring(step.length()), setting);
                }
            });
            return new Schema(prefix + step, there);
        });
    }

    static boolean fits(Setting<?> setting, Kind kind) {
        return switch (kind) {
            case SCALAR -> setting.shape() != Shape.ITEMS;
            case LIST -> setting.shape() == Shape.LIST || setting.shape() == Shape.ITEMS;
            case MAPPING -> setting.shape() == Shape.MAP || setting.shape() == Shape.SHARES;
        };
    }
}
