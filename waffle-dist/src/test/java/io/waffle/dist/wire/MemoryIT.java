// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** More clients than there is memory for (docs/operations.md, Memory): those who have sent a byte and wait give way, and honest ones are served. */
final class MemoryIT {

    /** Each takes 8 KiB of {@code limits.memory}: more than there is. */
    private static final int ONE_BYTE_CLIENTS = 800;

    private static final int HONEST = 20;

    @Test
    @DisplayName(
            "clients that send one byte and wait keep nobody from being served, and nothing fails for want of memory")
    void oneByteClients() throws Exception {
        List<RawClient> silent = new ArrayList<>();
        try (Site site = Site.open(1, Map.of("WAFFLE_JAVA_OPTS", "-Xmx64m"), "-limit-memory", "4MiB")) {
            for (int i = 0; i < ONE_BYTE_CLIENTS; i++) {
                silent.add(site.client().send("G"));
            }
            for (int i = 0; i < HONEST; i++) {
                try (RawClient honest = site.client()) {
                    assertEquals(200, honest.exchangeGet("/").status());
                }
            }
            String said = site.waffle().output();
            assertFalse(said.contains("ERROR") || said.contains("OutOfMemory"), said);
        } finally {
            silent.forEach(RawClient::close);
        }
    }
}
