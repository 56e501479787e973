// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.FORWARDING;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.util.List;

/** Settings: the PROXY protocol, both ways; a part of the table {@link Settings}. */
public final class ProxyProtocolSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<Cidr> FROM = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    FORWARDING,
                    "proxy_protocol.from",
                    List.of("proxy-protocol-from"),
                    Shape.LIST,
                    AddressForms.CIDR,
                    "",
                    """
            Peers that begin each connection with a header of the PROXY protocol, version 1 or 2, before TLS: addresses,
            blocks such as `10.0.0.0/8`, or `unix` for those who come by a Unix domain socket. The client is then who the header says. One that does not send it is closed; from
            others it is a bad request."""));

    public static final Setting<ProxyProtocolConfig.Send> SEND = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    FORWARDING,
                    "proxy_protocol.send",
                    List.of("proxy-protocol-send"),
                    Shape.ONE,
                    Forms.word("VERSION", ProxyProtocolConfig.Send.class),
                    "off",
                    """
            Whether each connection to a backend begins with a header of the PROXY protocol that says who the client is, and of
            which version. Such a connection carries one request, and is not kept for another."""));

    private ProxyProtocolSettings() {}
}
