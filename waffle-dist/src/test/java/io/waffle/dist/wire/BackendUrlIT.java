// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backend whose URL has a path, and that wants to be called by its own name. */
@On(Setup.PREFIXED)
final class BackendUrlIT {
    private final Site site;

    BackendUrlIT(Site site) {
        this.site = site;
    }

    @ParameterizedTest
    @DisplayName("C1 the path of the backend is put in front, with exactly one slash between")
    @CsvSource({"/, /base/", "/x, /base/x", "/x/, /base/x/", "//x, /base//x", "/?q, /base/?q", "/a%2Fb, /base/a%2Fb"})
    void joined(String target, String seen) {
        assertEquals(200, site.get(target).status());
        assertEquals(seen, site.backend().next().head().target());
    }

    @Test
    @DisplayName("C1 an absolute target is joined as its path would be")
    void absoluteTarget() {
        assertEquals(
                200, site.exchange("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n").status());
        assertEquals("/base/", site.backend().next().head().target());
    }

    @Test
    @DisplayName("C3 a query is passed on behind the joined path")
    void query() {
        assertEquals(200, site.get("/x?us=er").status());
        assertEquals("/base/x?us=er", site.backend().next().head().target());
    }

    @Test
    @DisplayName("B11 without preserve-host the backend sees its own authority, and the client's in X-Forwarded-Host")
    void hostIsTheBackends() {
        assertEquals(200, site.get("/").status());
        Head seen = site.backend().next().head();
        assertEquals(List.of("127.0.0.1:" + site.backend().port()), seen.values("Host"));
        assertEquals(List.of("waffle.test"), seen.values("X-Forwarded-Host"));
    }
}
