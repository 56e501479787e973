// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads a configuration as a command line would. */
final class Loading {

    private Loading() {}

    static Configuration load(Map<Setting<?>, List<String>> flags, Map<String, String> environment, Path folder) {
        Map<Setting<?>, List<RawValue>> given = new LinkedHashMap<>();
        flags.forEach((setting, texts) -> given.put(
                setting,
                texts.stream()
                        .map(text -> new RawValue(
                                text, Origin.flag(0, setting.flags().getFirst()), folder))
                        .toList()));
        return ConfigLoader.load(given, environment, folder);
    }
}
