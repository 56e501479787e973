// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.LIMITS;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.List;

/** Settings: which clients are served, and how much each may have; a part of the table {@link Settings}. */
public final class AccessSettings {

    static final SettingTable TABLE = new SettingTable(Scope.ROUTE);

    public static final Setting<Cidr> ALLOW = TABLE.add(
            new Setting<>(LIMITS, "access.allow", List.of("access-allow"), Shape.LIST, AddressForms.CIDR, "", """
            Clients that are served, by address or block; others get a 403. The client is whom the PROXY protocol and trusted
            proxies say. With neither this nor `access.allow_file` all are, but for those that are denied."""));

    public static final Setting<Path> ALLOW_FILE = TABLE.add(
            new Setting<>(LIMITS, "access.allow_file", List.of("access-allow-file"), Shape.LIST, Forms.FILE, "", """
            The same, from files with one address or block to a line; what stands behind a `#` is left out. A reload reads them
            anew."""));

    public static final Setting<Cidr> DENY = TABLE.add(
            new Setting<>(LIMITS, "access.deny", List.of("access-deny"), Shape.LIST, AddressForms.CIDR, "", """
            Clients that get a 403, also if they are among those that are allowed."""));

    public static final Setting<Path> DENY_FILE = TABLE.add(
            new Setting<>(LIMITS, "access.deny_file", List.of("access-deny-file"), Shape.LIST, Forms.FILE, "", """
            The same, from files as for `access.allow_file`."""));

    public static final Setting<String> RATE = TABLE.add(
            new Setting<>(LIMITS, "limits.rate", List.of("limit-rate"), Shape.ONE, RateForms.NAME_OR_RATE, "", """
            How often clients may ask: by one of the names in `limits.rates`, or, for each client by itself, such as `50/s`, and as
            many at once. One request more gets a 429 that says when the next may come (`Retry-After`). What goes by one name
            is counted together, whichever routes do."""));

    public static final Setting<Integer> CLIENT_IN_FLIGHT = TABLE.add(new Setting<>(
            LIMITS,
            "limits.client_in_flight",
            List.of("limit-client-in-flight"),
            Shape.ONE,
            Forms.count(0, 1_000_000),
            "0",
            """
            The most requests one client has in flight, an IPv6 client being its /64; one more gets a 429. A tunnel counts for
            as long as it is open. 0 is no bound."""));

    public static final Setting<Integer> CLIENT_CONNECTIONS = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    LIMITS,
                    "limits.client_connections",
                    List.of("limit-client-connections"),
                    Shape.ONE,
                    Forms.count(0, 1_000_000),
                    "0",
                    """
            The most connections one client has, an IPv6 client being its /64; one more is closed at once. Trusted proxies have
            as many as they like. 0 is no bound."""));

    static final Setting<RateConfig.Rate> RATES_RATE = TABLE.add(
            Scope.PROCESS,
            new Setting<>(LIMITS, "limits.rates.NAME.rate", List.of(), Shape.ONE, RateForms.RATE, "", """
            How often, for `limits.rate: NAME`."""));

    static final Setting<Integer> RATES_BURST = TABLE.add(
            Scope.PROCESS,
            new Setting<>(LIMITS, "limits.rates.NAME.burst", List.of(), Shape.ONE, Forms.count(1, 1_000_000), "", """
            How many at once; by default as many as in a second, minute, hour or day of the rate. Whoever has used them up gets
            one back at a time, at the rate."""));

    static final Setting<RateConfig.KeyOf> RATES_KEY = TABLE.add(
            Scope.PROCESS,
            new Setting<>(LIMITS, "limits.rates.NAME.key", List.of(), Shape.ONE, RateForms.KEY, "client", """
            What is counted for itself: each client, an IPv6 client being its /64; each route; each value of a field or a cookie,
            where a request without it counts for its client."""));

    static final Setting<RateForms.Mode> RATES_MODE = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    LIMITS,
                    "limits.rates.NAME.mode",
                    List.of(),
                    Shape.ONE,
                    Forms.word("MODE", RateForms.Mode.class),
                    "enforce",
                    """
            Whether requests beyond the rate are refused, or served and told of in the log: `log` tries a rate out."""));

    private AccessSettings() {}
}
