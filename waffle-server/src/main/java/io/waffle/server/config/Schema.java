// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Shape;
import io.waffle.server.config.YamlTree.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys a mapping in the file may have, from the table of settings. Made once for each place, however many items a list has. */
final class Schema {

    /** The names of keys here, without those further down, in the order of the table; with the setting, but for a section. */
    private final Map<String, Optional<Setting<?>>> keys = new LinkedHashMap<>();

    private final Map<String, Schema> below = new HashMap<>();
    private final String prefix;

    /** Of the whole file. */
    Schema() {
        this("");
    }

    private Schema(String prefix) {
        this.prefix = prefix;
        for (Setting<?> setting : Settings.all()) {
            String path = setting.path();
            if (!path.isEmpty() && path.startsWith(prefix)) {
                String key = path.substring(prefix.length()).split("[.\\[]", 2)[0];
                keys.putIfAbsent(key, Optional.empty());
                if (path.length() == prefix.length() + key.length()) {
                    keys.put(key, Optional.<Setting<?>>of(setting));
                }
            }
        }
    }

    Set<String> keys() {
        return keys.keySet();
    }

    /** The setting of this key; none for a section. */
    Optional<Setting<?>> setting(String key) {
        return keys.getOrDefault(key, Optional.empty());
    }

    Schema section(String key) {
        return below.computeIfAbsent(prefix + key + ".", path -> new Schema(path));
    }

    Schema items(String key) {
        return below.computeIfAbsent(prefix + key + "[].", path -> new Schema(path));
    }

    /** Whether mappings may be items of this list. */
    boolean hasItems(String key) {
        return !items(key).keys.isEmpty();
    }

    static boolean fits(Setting<?> setting, Kind kind) {
        return switch (kind) {
            case SCALAR -> true;
            case LIST -> setting.shape() == Shape.LIST;
            case MAPPING -> setting.shape() == Shape.MAP;
        };
    }
}
