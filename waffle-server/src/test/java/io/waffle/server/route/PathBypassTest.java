// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.waffle.server.http.HeadException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No spelling of a path takes a request past the route that is meant to guard it: what others were told of, as tests. */
class PathBypassTest {

    /** The routes: one anybody may ask, one that is guarded, and what is left. A route that is only a dash is not there. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            CVE-2019-9901        | /x/../admin                  | /x      | /admin   | ambiguous
            CVE-2021-29492       | /public/%2F..%2Fadmin        | /public | /admin   | ambiguous
            CVE-2021-29492       | /public/..%5Cadmin           | /public | /admin   | ambiguous
            CVE-2025-32431       | /public/..%2fadmin           | /public | /admin   | ambiguous
            GHSA-gm3x-23wp-hc2c  | /public%2f..%2fadmin         | /       | /admin   | ambiguous
            CVE-2025-47952       | /public/%2e%2e/admin         | /public | /admin   | ambiguous
            CVE-2025-47952       | /public/.%2E/admin           | /public | /admin   | ambiguous
            CVE-2026-137481      | /public/..;x/admin           | /public | /admin   | ambiguous
            CVE-2026-73551       | /public/..;/admin            | /public | /admin   | ambiguous
            CVE-2026-73551       | /public/..;a=b;c/admin       | /public | /admin   | ambiguous
            CVE-2026-48020       | /api../admin                 | /api    | /admin   | none
            CVE-2026-40912       | /api/../admin                | /api    | /admin   | ambiguous
            haproxy#2785         | //admin/x                    | /       | /admin   | admin
            haproxy#2785         | /public//admin               | /public | /public/admin | admin
            encoded letters      | /%61dm%69n                   | /       | /admin   | admin
            parameters           | /admin;x/y                   | /       | /admin   | ambiguous
            parameters           | /admin%3bx/y                 | /       | /admin   | ambiguous
            encoded slash        | /admin%2Fx                   | /       | /admin   | ambiguous
            encoded backslash    | /admin%5cx                   | /       | /admin   | ambiguous
            a dot segment        | /./admin                     | /       | /admin   | ambiguous
            encoded twice        | /public/%252e%252e/admin     | /public | /admin   | ambiguous
            encoded twice        | /%2561dmin                   | /       | /admin   | ambiguous
            encoded by digits    | /public/%25%32%65./admin     | /public | /admin   | ambiguous
            UTF-8 too long       | /public/%c0%ae%c0%ae/admin   | /public | /admin   | ambiguous
            UTF-8 too long       | /public%e0%80%af../admin     | /       | /admin   | ambiguous
            empty segments count | /x//../admin                 | /       | /x/admin | ambiguous
            separators do not    | /x/a%2Fb/../admin            | /       | /x/admin | ambiguous
            parameters count     | /x/a;b%2fc/../admin          | /       | /x/admin | ambiguous
            no other route       | /projects/a%2Fb              | /       | /admin   | public
            no other route       | /public/a%2F..%2Fb           | /public | /admin   | public
            no other route       | /public/a;v=1/b              | /public | /admin   | public
            no other route       | /public/a/../b               | /public | /admin   | public
            no other route       | /public/100%25               | /public | /admin   | public
            no other route       | /.well-known/a..b/...        | /       | /admin   | public
            out of all routes    | /public/../x                 | /public | /admin   | ambiguous
            none as it came      | /x/../admin                  | /public | /admin   | none
            by segments          | /adminx                      | /       | /admin   | public
            letter case          | /Admin                       | /       | /admin   | public
            """)
    void guards(String source, String path, String open, String guarded, String expected) throws Exception {
        RouteQuestion question = Asked.request("GET h.org" + path);
        assertEquals(expected, Asked.route(RouteTable.of(rules(open, guarded, false)), question));
        if (expected.equals("ambiguous")) {
            assertEquals("public", Asked.route(RouteTable.of(rules(open, guarded, true)), question));
        }
    }

    /** In both orders a host is the same, whatever dot is behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"h.org", "h.org.", "H.ORG.:443", "h.org:"})
    void guardsWhateverTheSpellingOfTheHost(String host) throws Exception {
        RouteTable<String> table = RouteTable.of(
                List.of(Asked.rule("public"), Asked.rule("admin", Asked.match("host=h.org path=/admin"))));
        assertEquals("admin", Asked.route(table, Asked.request("GET " + host + "/admin")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/public#/../admin", "/public\\..\\admin", "/%00", "/%zz", "/%4", "/a%"})
    void isRefusedBeforeItIsRouted(String path) {
        HeadException e = assertThrows(
                HeadException.class, () -> Asked.request("GET h.org" + path).head());
        assertEquals(400, e.status());
    }

    private static List<RouteRule<String>> rules(String open, String guarded, boolean allows) throws Exception {
        List<RouteRule<String>> rules = new ArrayList<>();
        rules.add(new RouteRule<>("public", List.of(Asked.match("path=" + open)), allows, "public"));
        rules.add(Asked.rule("admin", Asked.match("path=" + guarded)));
        return rules;
    }
}
