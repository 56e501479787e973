// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What other load balancers call what there is here, too. */
public final class Synonyms {

    /** In lower case, without what is between words. */
    private static final Map<String, String> STRATEGIES = Map.ofEntries(
            Map.entry("leastconn", "least-connections"),
            Map.entry("leastconnection", "least-connections"),
            Map.entry("leastconnections", "least-connections"),
            Map.entry("leastrequest", "least-connections"),
            Map.entry("leastrequests", "least-connections"),
            Map.entry("rr", "round-robin"),
            Map.entry("wrr", "round-robin"),
            Map.entry("roundrobin", "round-robin"),
            Map.entry("weightedroundrobin", "round-robin"),
            Map.entry("staticrr", "round-robin"),
            Map.entry("iphash", "ip-hash"),
            Map.entry("source", "ip-hash"),
            Map.entry("sourceip", "ip-hash"),
            Map.entry("clientiphash", "ip-hash"));

    /** Of levels of the log. */
    static final Map<String, String> LEVELS = Map.of("warn", "warning", "err", "error", "fatal", "error");

    private Synonyms() {}

    /** What a strategy of that name, as nginx, HAProxy, Envoy or Caddy have it, is called here. */
    public static Optional<String> strategy(String name) {
        return Optional.ofNullable(STRATEGIES.get(name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "")));
    }
}
