// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.util.Optional;

/** A look at a backend. Threading: any thread; blocks, on a virtual thread until it is interrupted at the latest. */
interface Probe extends AutoCloseable {

    /** Looks; returns what is wrong, or nothing. */
    Optional<String> complaint(PooledBackend backend) throws IOException, InterruptedException;

    /** Ends what looks are under way. */
    @Override
    void close();
}
