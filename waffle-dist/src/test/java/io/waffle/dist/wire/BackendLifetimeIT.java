// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long a backend connection is used; how long it may idle is longer than a test waits. */
final class BackendLifetimeIT {

    @Test
    @DisplayName("J3 a connection that is used all the time gives way to a new one, and no request notices")
    void used() {
        try (Site site = open();
                RawClient client = site.client()) {
            int first = connectionOf(site, client);
            assertTrue(Eventually.holds(() -> connectionOf(site, client) != first));
        }
    }

    @Test
    @DisplayName("a connection that is idle is closed when it has lived long enough")
    void idle() {
        try (Site site = open();
                RawClient client = site.client()) {
            assertEquals(200, client.exchangeGet("/").status());
            BackendConnection connection = site.backend().next().connection();
            assertTrue(Eventually.holds(connection::isClosed));
        }
    }

    @Test
    @DisplayName("a request in flight ends first, and then the connection")
    void inFlight() {
        try (Site site = open();
                RawClient client = site.client()) {
            site.backend().on(request -> {
                Thread.sleep(1_000); // the pace of this backend: longer than a connection lives
                request.connection().answer(200, "late");
            });
            assertEquals("late", client.exchangeGet("/").text());
            BackendConnection connection = site.backend().next().connection();
            assertTrue(Eventually.holds(connection::isClosed));
            site.backend().on(ScriptedBackend.OK);
            assertNotEquals(connection.id(), connectionOf(site, client));
        }
    }

    private static Site open() {
        return Site.open(1, "-timeout-backend-lifetime", "500ms", "-timeout-backend-keep-alive", "1h");
    }

    private static int connectionOf(Site site, RawClient client) {
        assertEquals(200, client.exchangeGet("/").status());
        return site.backend().next().connection().id();
    }
}
