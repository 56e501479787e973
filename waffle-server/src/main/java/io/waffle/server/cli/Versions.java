// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.helidon.common.Version;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.plugin.StrategyInfo;

/** The text of {@code -version}. */
final class Versions {

    private Versions() {}

    static String text(Plugins plugins) {
        StringBuilder text = new StringBuilder();
        text.append("Waffle ").append(waffle()).append('\n');
        text.append("Java ")
                .append(Runtime.version())
                .append(", ")
                .append(System.getProperty("java.vendor"))
                .append('\n');
        text.append("Helidon ").append(Version.VERSION).append('\n');
        text.append("Strategies").append(plugins.strategies().isEmpty() ? ": none found\n" : "\n");
        for (StrategyInfo strategy : plugins.strategies()) {
            text.append(String.format(
                    "  %-20s %s %s, %s%n",
                    strategy.name(), strategy.module(), strategy.version(), strategy.location()));
        }
        plugins.problems()
                .forEach(
                        problem -> text.append("  not loaded: ").append(problem).append('\n'));
        return text.toString();
    }

    private static String waffle() {
        Module module = Versions.class.getModule();
        return module.isNamed() ? module.getDescriptor().rawVersion().orElse("unversioned") : "unversioned";
    }
}
