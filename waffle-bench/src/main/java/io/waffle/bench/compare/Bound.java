// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.List;

/** What a figure of Waffle, or its ratio to that of a peer, has to keep, and what it should reach. */
record Bound(Metric metric, Against against, double must, double aim) {

    /** Whom the figure is held against. */
    enum Against {
        /** The better of nginx and HAProxy in this row and figure. */
        BEST_PEER,
        NGINX,
        CADDY,
        UNDERTOW,
        /** Waffle itself, without what it does for the case that a backend fails. */
        BARE,
        /** Nobody: the figure itself. */
        NOBODY;

        List<String> proxies() {
            return switch (this) {
                case BEST_PEER -> List.of("nginx", "haproxy");
                case NGINX -> List.of("nginx");
                case CADDY -> List.of("caddy");
                case UNDERTOW -> List.of("undertow");
                case BARE -> List.of(Waffle.BARE);
                case NOBODY -> List.of();
            };
        }
    }

    static Bound best(Metric metric, double must, double aim) {
        return new Bound(metric, Against.BEST_PEER, must, aim);
    }

    static Bound nginx(Metric metric, double must, double aim) {
        return new Bound(metric, Against.NGINX, must, aim);
    }

    static Bound itself(Metric metric, double must, double aim) {
        return new Bound(metric, Against.NOBODY, must, aim);
    }

    /** The two of every plain HTTP row. */
    static List<Bound> otherPeers() {
        return List.of(
                new Bound(Metric.REQUESTS, Against.CADDY, 1.3, 3),
                new Bound(Metric.REQUESTS, Against.UNDERTOW, 1.2, 1.5));
    }
}
