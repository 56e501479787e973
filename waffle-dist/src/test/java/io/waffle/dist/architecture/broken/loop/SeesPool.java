// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture.broken.loop;

import io.waffle.dist.architecture.broken.pool.Busy;

/** Breaks: an early package sees a later one; a package that may see nothing of ours does. */
public final class SeesPool {
    private final Busy busy = new Busy();

    public boolean call() {
        return busy.call();
    }
}
