// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Active health checks, seen from outside: who gets traffic, and what clients are told when nobody may. */
final class HealthIT {
    private static final int BACKENDS = 3;
    private static final String[] CHECKED = {"-health-check-path", "/healthz", "-health-check-interval", "20ms"};

    /** What each backend answers when it is checked; to everything else it answers with its own number. */
    private final AtomicIntegerArray checked = new AtomicIntegerArray(new int[] {200, 200, 200});

    @AutoClose
    private final Site site = Site.open(BACKENDS, CHECKED);

    @BeforeEach
    void script() {
        for (int i = 0; i < BACKENDS; i++) {
            int number = i;
            site.backend(i).on(request -> serve(number, request));
        }
    }

    @Test
    @DisplayName(
            "a backend whose checks fail three times in a row gets no traffic, and gets it again when they succeed")
    void outAndBack() {
        assertEquals(Set.of("0", "1", "2"), serving());
        checked.set(1, 500);
        site.waffle()
                .awaitOutput(Pattern.compile(id(1) + " is down: GET /healthz failed 3 times in a row.*status 500"));
        assertTrue(Eventually.holds(() -> serving().equals(Set.of("0", "2"))));
        for (int i = 0; i < 20; i++) {
            assertEquals(Set.of("0", "2"), serving());
        }
        checked.set(1, 204);
        site.waffle().awaitOutput(Pattern.compile(id(1) + " is up again: GET /healthz succeeded 2 times in a row"));
        assertTrue(Eventually.holds(() -> serving().equals(Set.of("0", "1", "2"))));
    }

    @Test
    @DisplayName("a check that fails now and then changes nothing")
    void notThreeInARow() {
        AtomicInteger checks = new AtomicInteger();
        site.backend(1).on(request -> {
            if (request.head().target().equals("/healthz")) {
                checked.set(1, checks.incrementAndGet() % 3 == 0 ? 200 : 500);
            }
            serve(1, request);
        });
        assertTrue(Eventually.holds(() -> checks.get() >= 30));
        assertEquals(Set.of("0", "1", "2"), serving());
        assertFalse(site.waffle().output().contains("is down"), site.waffle()::output);
    }

    @Test
    @DisplayName("with every backend down: 503 with Retry-After on a connection that stays, until one is up again")
    void nobodyIsEligible() {
        for (int i = 0; i < BACKENDS; i++) {
            checked.set(i, 503);
        }
        for (int i = 0; i < BACKENDS; i++) {
            site.waffle().awaitOutput(Pattern.compile(id(i) + " is down"));
        }
        try (RawClient client = site.client()) {
            assertTrue(Eventually.holds(() -> client.exchangeGet("/").status() == 503));
            Response refused = client.exchange("POST / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: 2\r\n\r\nhi");
            assertEquals(503, refused.status());
            assertEquals("1", refused.value("Retry-After").orElseThrow());
            assertFalse(refused.announcesClose());
            checked.set(2, 200);
            assertTrue(Eventually.holds(() -> client.exchangeGet("/").status() == 200));
            assertEquals("2", client.exchangeGet("/").text());
        }
    }

    /** Who answers: as many requests as there are backends give each that is eligible at least one. */
    private Set<String> serving() {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < BACKENDS; i++) {
            names.add(site.get("/").text());
        }
        return names;
    }

    private void serve(int number, BackendRequest request) throws IOException {
        request.readBody();
        if (request.head().target().equals("/healthz")) {
            request.connection().answer(checked.get(number), "");
        } else {
            request.connection().answer(200, Integer.toString(number));
        }
    }

    private String id(int number) {
        return "backend 127\\.0\\.0\\.1:" + site.backend(number).port();
    }
}
