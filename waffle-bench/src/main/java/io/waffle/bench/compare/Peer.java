// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A proxy that can be compared: how to start it, set up as equally as its configuration allows. Two workers or threads each. */
sealed interface Peer permits Caddy, HaProxy, JavaPeer, Nginx, Waffle {

    String name();

    /** The command that runs it in the foreground; writes what configuration it needs to the folder of the site. */
    List<String> command(Site site) throws IOException;

    default Map<String, String> environment(Site site) {
        return Map.of();
    }

    /** What it is, for the reader of the results. */
    String version() throws IOException, InterruptedException;

    /** Java programs need to be warmed up for longer. */
    default boolean isJava() {
        return false;
    }
}
