// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

/** How a proxy is set up: with TLS towards its clients or without, how many backends it has, and how it chooses one. */
record Scenario(boolean tls, int backends, String strategy) {

    static final Scenario PLAIN = new Scenario(false, 3, "round-robin");
    static final Scenario TLS = new Scenario(true, 3, "round-robin");

    static Scenario many(int backends, String strategy) {
        return new Scenario(false, backends, strategy);
    }

    String scheme() {
        return tls ? "https" : "http";
    }
}
