// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.TRAFFIC;

import io.waffle.server.config.Setting.Shape;
import java.util.List;

/** Settings: where to listen; a part of the table {@link Settings}. */
public final class ListenerSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<ListenAddress> LISTEN = TABLE.add(
            new Setting<>(TRAFFIC, "listen", List.of("listen"), Shape.ONE, AddressForms.LISTEN, ":8080", """
            Where to listen. Without a host, as in `:8080`, on every interface, IPv4 and IPv6. Port 0 takes a free one,
            which is logged."""));

    private ListenerSettings() {}
}
