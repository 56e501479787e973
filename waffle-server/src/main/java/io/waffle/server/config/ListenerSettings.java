// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.LIMITS;
import static io.waffle.server.config.Setting.Group.TRAFFIC;

import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.List;

/** Settings: where to listen; a part of the table {@link Settings}. */
public final class ListenerSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<ListenAddress> LISTEN = TABLE.add(
            new Setting<>(TRAFFIC, "listen", List.of("listen"), Shape.ONE, AddressForms.LISTEN, ":8080", """
            Where to listen. Without a host, as in `:8080`, on every interface, IPv4 and IPv6. Port 0 takes a free one,
            which is logged. `unix:/PATH` is a Unix domain socket, to which its owner may connect; for others there is
            `listeners.NAME.mode`."""));

    public static final Setting<ListenAddress> ADDRESS = TABLE.add(
            new Setting<>(TRAFFIC, "listeners.NAME.address", List.of(), Shape.ONE, AddressForms.LISTEN, "", """
            Where a listener of this name listens. There may be several, each with settings of its own: those of TLS, of
            heads and of trusted proxies, by the same names; what it does not say is as the top has it. `listen` is the
            one named `default`, which is there if it is given, or if there is no other."""));

    public static final Setting<String> REDIRECT = TABLE.add(
            new Setting<>(TRAFFIC, "listeners.NAME.redirect", List.of(), Shape.ONE, RouteForms.HTTPS, "", """
            With `https`, the listener serves nothing itself: whoever asks is sent to the same host and path by https, with a
            308; at its usual port, or, if it was asked by a port, at that of the first listener with TLS."""));

    public static final Setting<Integer> MODE = TABLE.add(
            new Setting<>(TRAFFIC, "listeners.NAME.mode", List.of(), Shape.ONE, AddressForms.MODE, "0600", """
            Who may connect to a Unix domain socket: the permissions of its file, in octal. To connect takes the right to
            write: `0600` is for the owner, `0660` for the group as well, `0666`, as nginx has it, for everybody who can enter the
            folder."""));

    public static final Setting<Cidr> ALLOW = TABLE.add(
            new Setting<>(LIMITS, "listeners.NAME.access.allow", List.of(), Shape.LIST, AddressForms.CIDR, "", """
            Clients that a listener serves, by address or block; others get a 403 for each request, before any route is asked,
            which may refuse more of them by its own `access`. The client is whom the PROXY protocol and trusted proxies say.
            The `access` of the top is that of routes, and not a listener's."""));

    public static final Setting<Path> ALLOW_FILE = TABLE.add(
            new Setting<>(LIMITS, "listeners.NAME.access.allow_file", List.of(), Shape.LIST, Forms.FILE, "", """
            The same, from files as for `access.allow_file`."""));

    public static final Setting<Cidr> DENY = TABLE.add(
            new Setting<>(LIMITS, "listeners.NAME.access.deny", List.of(), Shape.LIST, AddressForms.CIDR, "", """
            Clients that a listener answers with a 403, also if they are among those that are allowed."""));

    public static final Setting<Path> DENY_FILE = TABLE.add(
            new Setting<>(LIMITS, "listeners.NAME.access.deny_file", List.of(), Shape.LIST, Forms.FILE, "", """
            The same, from files as for `access.allow_file`."""));

    private ListenerSettings() {}
}
