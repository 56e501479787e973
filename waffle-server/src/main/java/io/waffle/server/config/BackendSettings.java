// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.TRAFFIC;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Settings: the backends, and how their names are looked up; a part of the table {@link Settings}. */
public final class BackendSettings {

    static final SettingTable TABLE = new SettingTable(Scope.POOL);

    public static final Setting<BackendUrl> BACKENDS = TABLE.add(new Setting<>(
            TRAFFIC, "backends", List.of("backends", "lb-backend"), Shape.LIST, AddressForms.BACKEND, "", """
            The servers to balance over, at least one: `http://` or `https://`, a host, and if needed a port (else 80 or
            443) and a path prefix, which is put before the path of each request; or, on this host, `unix:/PATH`
            of a socket, and `:/PREFIX` behind it if need be. In a file an item is a URL or a mapping
            with the keys below; a comma in an item of a list is a part of it. On the command line `;weight=5` and
            `;backup` may follow a URL."""));

    public static final Setting<String> POOLS = TABLE.add(
            Scope.PROCESS, new Setting<>(TRAFFIC, "", List.of("pool"), Shape.PAIR, RouteForms.NAMED, "", """
            A pool, as `NAME=URL,URL`; in a file `pools.NAME.backends`. There may be several, each with settings of its
            own in a file: how one of its backends is chosen, checked and ejected, by the same names; what it does not say
            is as the top has it. `backends` is the one named `default`."""));

    public static final Setting<BackendUrl> URL =
            TABLE.add(new Setting<>(TRAFFIC, "backends[].url", List.of(), Shape.ONE, AddressForms.BACKEND, "", """
            The URL of the backend."""));

    public static final Setting<Integer> WEIGHT = TABLE.add(
            new Setting<>(TRAFFIC, "backends[].weight", List.of(), Shape.ONE, Forms.count(0, 65_535), "1", """
            The share of the backend relative to the others. 0 drains it: it gets no new request, and finishes those it
            has. On the command line `;weight=5` behind the URL."""));

    public static final Setting<Boolean> BACKUP =
            TABLE.add(new Setting<>(TRAFFIC, "backends[].backup", List.of(), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether it gets requests only while no other backend is available: those that are not a backup are down,
            ejected, draining, or have failed this request. On the command line `;backup` behind the URL."""));

    public static final Setting<Integer> HEALTH_PORT = TABLE.add(
            new Setting<>(TRAFFIC, "backends[].health_port", List.of(), Shape.ONE, Forms.count(1, 65_535), "", """
            The port its active checks go to; by default that of its URL."""));

    public static final Setting<String> HEALTH_PATH = TABLE.add(
            new Setting<>(TRAFFIC, "backends[].health_path", List.of(), Shape.ONE, Forms.PROBE_PATH, "", """
            What its active checks ask for; by default `health_checking.path` behind the prefix of its URL. This one is
            taken as it is."""));

    public static final Setting<Integer> IN_FLIGHT = TABLE.add(
            new Setting<>(TRAFFIC, "backends[].in_flight", List.of(), Shape.ONE, Forms.count(0, 1_000_000), "", """
            The most requests it is sent at once; by default `limits.backend_in_flight`."""));

    public static final Setting<Duration> DNS_INTERVAL = TABLE.add(new Setting<>(
            TRAFFIC, "dns.interval", List.of("dns-interval"), Shape.ONE, Forms.duration("0s", "24h"), "30s", """
            How often the name of a backend is looked up anew at the least, give or take a tenth; sooner if its answer is good
            for less, though not within 5s. Each of its addresses is a backend of
            its own; if there are IPv4 and IPv6 ones, the IPv4 ones, for as long as there are any. While a name does not
            resolve, its last addresses stay. With 0s, and for `localhost`, a name is one backend, looked up for each new
            connection, though not more than once a second."""));

    public static final Setting<Duration> DNS_GRACE = TABLE.add(new Setting<>(
            TRAFFIC, "dns.grace", List.of("dns-grace"), Shape.ONE, Forms.duration("0s", "24h"), "5s", """
            How long an address stays a backend that answers leave out, while its name resolves; the name is looked up twice
            more meanwhile. One that comes back in time goes on as it was, with what is known of it."""));

    public static final Setting<InetSocketAddress> DNS_SERVERS = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    TRAFFIC, "dns.servers", List.of("dns-servers"), Shape.LIST, AddressForms.NAME_SERVER, "", """
            The name servers to ask, by address, with a port other than 53 if need be; then names are as they are, and
            nobody else is asked. By default those of `/etc/resolv.conf`, with its search list and options, and what they do
            not know is asked of the host's own resolver. `/etc/hosts` comes first in any case."""));

    public static final Setting<String> LABELS =
            TABLE.add(new Setting<>(TRAFFIC, "backends[].labels", List.of(), Shape.MAP, Forms.ANY, "", """
            Words about the backend that a strategy plugin may use, such as `zone: a`."""));

    private BackendSettings() {}
}
