// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture.broken.health;

import io.waffle.dist.architecture.broken.proxy.SeesHealth;

/** Breaks: health sees proxy, and with it a cycle. */
public final class SeesProxy {
    public int call(SeesHealth other) {
        return other.hashCode();
    }
}
