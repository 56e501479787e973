// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two connections that cannot be told apart by their addresses. */
@On(Setup.DEFAULT)
final class SamePortIT {
    private static final int TIMES = 500;

    private final Site site;

    SamePortIT(Site site) {
        this.site = site;
    }

    /** A port is free again as soon as its connection was reset, which may be before Waffle has accepted that one. */
    @Test
    @DisplayName("a client that resets its connection and comes back from the same port is served")
    void comesBack() {
        for (int i = 0; i < TIMES; i++) {
            RawClient gone = site.client();
            var source = (InetSocketAddress) gone.socket().getLocalSocketAddress();
            gone.reset();
            RawClient back = RawClient.from(source, site.port());
            assertEquals(200, back.exchangeGet("/" + i).status());
            back.reset();
        }
    }
}
