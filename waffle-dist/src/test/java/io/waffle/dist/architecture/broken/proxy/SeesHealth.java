// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture.broken.proxy;

import io.waffle.dist.architecture.broken.health.SeesProxy;

/** Breaks: proxy sees health, and with it a cycle. */
public final class SeesHealth {
    public int call(SeesProxy other) {
        return other.hashCode();
    }
}
