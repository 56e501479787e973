// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.server.config.InvalidValue;
import io.waffle.server.route.FieldMatch;
import io.waffle.server.route.HostMatch;
import io.waffle.server.route.PathMatch;
import io.waffle.server.route.RouteMatch;
import io.waffle.server.route.RouteRule;
import io.waffle.server.route.ValueMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Ten thousand routes, and requests for them. */
public enum RouteShape {
    /** One host, as many paths. */
    PATHS(1, 10_000),
    /** As many hosts with one path each. */
    HOSTS(10_000, 1),
    /** A hundred hosts with a hundred paths each, for one value of a header field. */
    HEADERS(100, 100),
    /** The same, and the path of each request has four thousand bytes in two thousand segments. */
    DEEP(100, 100) {
        @Override
        String path(int number) {
            return configuredPath(number) + "/a".repeat(2_000);
        }
    },
    /** The same, and each of these segments has to be taken away again. */
    DOTS(100, 100) {
        @Override
        String path(int number) {
            return configuredPath(number) + "/.".repeat(2_000);
        }
    },
    /** The same, and each byte is percent-encoded. */
    ENCODED(100, 100) {
        @Override
        String path(int number) {
            return configuredPath(number) + "/" + "%61".repeat(1_333);
        }
    },
    /** The same, and the host of each request has five hundred labels. */
    LABELS(100, 100) {
        @Override
        String host(int number) {
            return "a.".repeat(500) + "example.org";
        }
    };

    private final int hosts;
    private final int paths;

    RouteShape(int hosts, int paths) {
        this.hosts = hosts;
        this.paths = paths;
    }

    List<RouteRule<String>> rules() throws InvalidValue {
        List<RouteRule<String>> rules = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            for (int path = 0; path < paths; path++) {
                RouteMatch match = new RouteMatch(
                        List.of(HostMatch.parse(configuredHost(host))),
                        Optional.of(PathMatch.prefix(configuredPath(path))),
                        Set.of("GET", "HEAD"),
                        hosts == 100 ? List.of(FieldMatch.header("x-tenant", ValueMatch.exact("acme"))) : List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Set.of());
                String name = "route-" + host + "-" + path;
                rules.add(new RouteRule<>(name, List.of(match), false, name));
            }
        }
        return rules;
    }

    String request(Random random) {
        return "GET " + path(random.nextInt(paths)) + " HTTP/1.1\nHost: " + host(random.nextInt(hosts))
                + "\nUser-Agent: curl/7.88.1\nAccept: */*\nAccept-Encoding: gzip, deflate\nX-Tenant: acme\n"
                + "Cookie: session=5b1f0a1e-5b7c-4f4e-9c1d-2f1f5f0f8a11; theme=dark\n\n";
    }

    String host(int number) {
        return configuredHost(number);
    }

    String path(int number) {
        return configuredPath(number) + "/items/" + number % 7 + "?page=2";
    }

    private static String configuredHost(int number) {
        return "service-" + number + ".example.org";
    }

    static String configuredPath(int number) {
        return "/api/v" + number % 3 + "/resource-" + number;
    }
}
