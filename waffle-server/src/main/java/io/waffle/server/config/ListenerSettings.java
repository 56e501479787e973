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

    public static final Setting<ListenAddress> ADDRESS = TABLE.add(
            new Setting<>(TRAFFIC, "listeners.NAME.address", List.of(), Shape.ONE, AddressForms.LISTEN, "", """
            Where a listener of this name listens. There may be several, each with settings of its own: those of TLS, of
            heads and of trusted proxies, by the same names; what it does not say is as the top has it. `listen` is the
            one named `default`, which is there if it is given, or if there is no other."""));

    public static final Setting<String> REDIRECT = TABLE.add(
            new Setting<>(TRAFFIC, "listeners.NAME.redirect", List.of(), Shape.ONE, RouteForms.HTTPS, "", """
            With `https`, the listener serves nothing itself: whoever asks is sent to the same host and path by https, with a
            308; at its usual port, or, if it was asked by a port, at that of the first listener with TLS."""));

    private ListenerSettings() {}
}
