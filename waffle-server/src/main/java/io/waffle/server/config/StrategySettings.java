// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.STRATEGY;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.util.List;

/** Settings: how a backend is chosen; a part of the table {@link Settings}. */
public final class StrategySettings {

    static final SettingTable TABLE = new SettingTable(Scope.POOL);

    public static final Setting<String> NAME = TABLE.add(new Setting<>(
            STRATEGY,
            "load_balancing.strategy",
            List.of("lb-strategy"),
            Shape.ONE,
            Forms.STRATEGY,
            "round-robin",
            """
            How a backend is chosen: `round-robin`, `ip-hash`, `least-connections`, or the name of a plugin. `-version`
            lists what was found."""));

    public static final Setting<String> OPTIONS = TABLE.add(
            new Setting<>(STRATEGY, "load_balancing.options", List.of("lb-option"), Shape.MAP, Forms.OPTION, "", """
            An option of the strategy; its own documentation says which there are. Options of several sources add up, but
            those of a source that names another strategy than the one chosen are left out with it."""));

    private StrategySettings() {}
}
