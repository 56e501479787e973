// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Group;
import io.waffle.server.config.Setting.Shape;
import java.util.List;
import java.util.stream.Stream;

/**
 * The table of everything that can be set, of which each section has its part. Flags, variables, YAML keys, the help, messages and
 * docs/configuration.md follow from it, in its order; to add a setting is to add a row to a part, a component of {@link WaffleConfig}, and a line
 * in {@link ConfigLoader}.
 */
public final class Settings {

    private static final List<Setting<?>> ALL = Stream.of(
                    ListenerSettings.TABLE,
                    BackendSettings.TABLE,
                    StrategySettings.TABLE,
                    RouteSettings.TABLE,
                    RoutePolicySettings.TABLE,
                    StickySettings.TABLE,
                    TlsSettings.TABLE,
                    HealthSettings.TABLE,
                    RetrySettings.TABLE,
                    ForwardingSettings.TABLE,
                    ProxyProtocolSettings.TABLE,
                    LimitSettings.TABLE,
                    AccessSettings.TABLE,
                    TimeoutSettings.TABLE,
                    LoggingSettings.TABLE,
                    AdminSettings.TABLE,
                    CommandSettings.TABLE)
            .flatMap(part -> part.rows().stream())
            .toList();

    private Settings() {}

    /** All rows, in the order of the help. */
    public static List<Setting<?>> all() {
        return ALL;
    }

    /** Those of a group that have a flag, in the order of the help. */
    public static List<Setting<?>> flagged(Group group) {
        return ALL.stream()
                .filter(setting -> setting.group() == group && !setting.flags().isEmpty())
                .toList();
    }

    /** What Waffle can be asked to do instead of serving, in the order of the help. */
    public static List<Setting<?>> commands() {
        return ALL.stream().filter(setting -> setting.shape() == Shape.COMMAND).toList();
    }
}
