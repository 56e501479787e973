// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouteExplanationTest {

    @Test
    void tellsTheWinnerAndWhatOthersFailedAt() throws Exception {
        RouteTable<String> table = RouteTable.of(List.of(
                Asked.rule("else"),
                Asked.rule("v2", Asked.match("host=api.example.org path=/v2 header=x-tenant=acme")),
                Asked.rule("v2-post", Asked.match("host=api.example.org path=/v2 method=POST")),
                Asked.rule("v2-beta", Asked.match("host=api.example.org path=/v2 header=x-tenant=acme header=beta")),
                Asked.rule("v2-query", Asked.match("host=api.example.org path=/v2 query=q=1")),
                Asked.rule("office", Asked.match("host=api.example.org path=/v2 client=10.0.0.0/8")),
                Asked.rule("tls", Asked.match("host=api.example.org path=/v2 listener=tls")),
                Asked.rule("v3", Asked.match("host=api.example.org path=/v3")),
                Asked.rule("www", Asked.match("host=www.example.org"))));
        RouteExplanation why = table.explain(Asked.request("GET api.example.org/%76%32//x%2fy?q=2", "X-Tenant: acme"));
        assertEquals("/v2/x%2Fy", why.path());
        assertEquals(1, why.rule());
        assertEquals(Optional.of(new RouteExplanation.Winner("v2", "host exact, prefix /v2, 1 header")), why.winner());
        assertEquals(Optional.empty(), why.otherwise());
        assertEquals(
                List.of(
                        "else: less precise: any host, prefix /",
                        "office: client of 10.0.0.0/8",
                        "v2-beta: header beta",
                        "v2-query: query parameter q=1",
                        "tls: listener tls",
                        "v2-post: method POST",
                        "v3: prefix /v3",
                        "www: host www.example.org"),
                why.losers().stream()
                        .map(loser -> loser.name() + ": " + loser.failed())
                        .toList());
    }

    /** As a look-up has it: where one route takes all, no reading leads elsewhere. */
    @Test
    void hasNothingToSayOfReadingsWhereOneRouteTakesAll() throws Exception {
        RouteTable<String> table = RouteTable.of(List.of(Asked.rule("all")));
        RouteQuestion asked = Asked.request("GET h/a;b/..%2f/x");
        RouteExplanation why = table.explain(asked);
        assertEquals(0, why.rule());
        assertEquals(Optional.empty(), why.otherwise());
        assertEquals("all", Asked.route(table, asked));
        assertEquals(RouteTable.OTHER_LISTENER, table.listener("web"));
    }

    @Test
    void tellsTheTenNearestOnly() throws Exception {
        List<RouteRule<String>> rules = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rules.add(Asked.rule(
                    "r%02d".formatted(i), Asked.match("path=/a" + (i < 12 ? "/" + i : "") + " method=M" + i)));
        }
        RouteExplanation why = RouteTable.of(rules).explain(Asked.request("GET h/a"));
        assertEquals(RouteTable.NONE, why.rule());
        assertEquals(Optional.empty(), why.winner());
        assertEquals(10, why.losers().size());
        assertEquals(
                new RouteExplanation.Loser("r12", "method M12"), why.losers().getFirst());
    }

    @Test
    void tellsWhatElseAPathMayMean() throws Exception {
        RouteTable<String> table = RouteTable.of(List.of(
                Asked.rule("public", Asked.match("path=/public")), Asked.rule("admin", Asked.match("path=/admin"))));
        RouteExplanation why = table.explain(Asked.request("GET h/public/..%2fadmin/x"));
        assertEquals(RouteTable.AMBIGUOUS, why.rule());
        assertEquals("public", why.winner().orElseThrow().name());
        assertEquals(Optional.of("/admin/x leads to route admin"), why.otherwise());
        assertEquals(
                Optional.of("/x leads to no route"),
                table.explain(Asked.request("GET h/public/../x")).otherwise());
        assertEquals(
                Optional.of("a path that climbs and has other marks can be read in too many ways"),
                table.explain(Asked.request("GET h/public/a/..%2fb;c")).otherwise());
    }
}
