// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Where a proxy is to listen, before whom, and the folder for its files. Backends are written as address and port. */
record Site(Path folder, int port, Scenario scenario, List<String> backends, Certificate certificate) {

    /** How many idle connections to backends a proxy may keep; enough that none is ever closed for lack of room. */
    int keepAlive() {
        return Math.max(256, 2 * backends.size());
    }

    URI uri(String path) {
        return URI.create(scenario.scheme() + "://127.0.0.1:" + port + path);
    }

    /** Each backend in its turn within a line of configuration. */
    String eachBackend(String before, String after) {
        return backends.stream().map(backend -> before + backend + after).collect(Collectors.joining());
    }
}
