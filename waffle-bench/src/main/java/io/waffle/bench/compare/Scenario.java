// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

/** How a proxy is set up: with TLS towards its clients or without, how many backends it has, how it chooses one, and whether Waffle checks on them. */
record Scenario(boolean tls, int backends, String strategy, boolean checks) {

    static final Scenario PLAIN = new Scenario(false, 3, "round-robin", false);
    static final Scenario TLS = new Scenario(true, 3, "round-robin", false);
    static final Scenario CHECKED = new Scenario(false, 3, "round-robin", true);

    static Scenario many(int backends, String strategy) {
        return new Scenario(false, backends, strategy, false);
    }

    String scheme() {
        return tls ? "https" : "http";
    }
}
