// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @DisplayName("C12 a path that leaves that of the backend by any usual reading: 400")
    @ValueSource(
            strings = {
                "/..",
                "/../",
                "/../admin",
                "/..?q",
                "/a/../../admin",
                "/./../x",
                "//../x",
                "/a//../../x",
                "/a/./../../x",
                "/%2e%2e/admin",
                "/.%2e/x",
                "/%2E./x",
                "/%252e%252e/x",
                "/%25252e%25252e/x",
                "/%25%32%65%25%32%65/x",
                "/%c0%ae%c0%ae/x",
                "/%e0%80%ae%e0%80%ae/x",
                "/..%2fadmin",
                "/..%2Fadmin",
                "/%2f..%2f..",
                "/..%5cadmin",
                "/..%255cadmin",
                "/a%2f..%2f..%2fx",
                "/a%2f../../x",
                "/..;/admin",
                "/..;a=b/x",
                "/a/..;x/..;y/z",
                "/%2e%2e;/x",
                "/..%3b/x",
                "/;/../x",
                "/a;/../../x",
                "/.;/../x",
                "/..;%2fa",
                "/x%2f..;%2fy/../z",
                "/%20/../x",
                "/..%20/x",
                "/..%2500/x",
                "/..%3fx",
                "/..%23x",
                "/%c0%af../x",
                "/..%c1%9cx"
            })
    void leaving(String target) {
        site.refused(400, "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        site.refused(400, "GET http://h" + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("C12 a path that stays passes as it is")
    @ValueSource(
            strings = {
                "/a/..",
                "/a/../b",
                "/a/b/../../c",
                "/.",
                "/...",
                "/a..b",
                "/..a/x",
                "/a../x",
                "/a%2fb",
                "/a%2Fb/../c",
                "/%41/../b",
                "/a;b=../c",
                "/?a=/../../b",
                "/a/%2e%2e/b",
                "/.well-known/x",
                "/%c3%bc/..",
                "/a%5cb"
            })
    void staying(String target) {
        assertEquals(200, site.get(target).status(), target);
        assertEquals("/base" + target, site.backend().next().head().target());
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
