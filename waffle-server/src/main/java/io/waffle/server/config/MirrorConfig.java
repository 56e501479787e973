// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Map;

/**
 * Where copies of requests go.
 *
 * @param pools by name, each with its share of the requests in hundredths of a percent
 * @param body the most bytes of a body that is copied
 */
public record MirrorConfig(Map<String, Integer> pools, int body) {

    /** All of them. */
    static final int ALL = 10_000;

    public MirrorConfig {
        pools = Map.copyOf(pools);
    }
}
