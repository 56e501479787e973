// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteProblemsTest {

    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(delimiterString = " | ", textBlock = """
            path=/a | path=/a/ | any host, prefix /a
            path=/%61 | path=//a | any host, prefix /a
            '' | path=/ | any host, prefix /
            host=a.org host=b.org | host=B.org. | host b.org, prefix /
            host=*.a.org exact=/x | host=*.A.org exact=/x | host *.a.org, exact /x
            method=GET method=PUT | method=PUT | any host, prefix /, method PUT
            header=x-a=1 header=x-b=2 | header=X-B=2 header=X-A=1 | any host, prefix /, header x-a=1, header x-b=2
            cookie=a query=b | query=b cookie=a | any host, prefix /, cookie a, query parameter b
            client=10.0.0.0/8 | client=192.0.2.0/24 client=10.0.0.0/8 | any host, prefix /, client of 10.0.0.0/8
            listener=web | listener=tls listener=web | any host, prefix /, listener web
            regex=/a.* | regex=/a.* | any host, regex /a.*
            pattern=/a/* | pattern=/a/*/ | any host, pattern /a/*
            """)
    void equalRoutesAreNamed(String one, String other, String what) throws Exception {
        List<RouteProblem> problems = RouteTable.of(List.of(
                        Asked.rule("one", Asked.match(one)),
                        Asked.rule("other", Asked.match(other)),
                        Asked.rule("third", Asked.match("host=x.org"))))
                .problems();
        assertEquals(
                List.of(new RouteProblem(
                        1, "routes one and other are equally precise and for the same requests: " + what)),
                problems);
    }

    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(delimiterString = " | ", textBlock = """
            path=/a | exact=/a
            path=/a | path=/A
            host=a.org | host=*.a.org
            method=GET | method=HEAD
            header=x-a=1 | header=x-a=2
            header=x-a | header=x-b
            cookie=a | header=a
            query=a | query=A
            client=10.0.0.0/8 | client=10.0.0.0/9
            """)
    void othersAreNot(String one, String other) throws Exception {
        assertEquals(
                List.of(),
                RouteTable.of(List.of(Asked.rule("one", Asked.match(one)), Asked.rule("other", Asked.match(other))))
                        .problems());
    }

    @Test
    void twoMatchesOfOneRouteMayBeEqual() throws Exception {
        assertEquals(
                List.of(),
                RouteTable.of(List.of(Asked.rule("one", Asked.match("path=/a"), Asked.match("path=/a"))))
                        .problems());
    }

    @Test
    void moreChecksThanARequestMayCostAreRefused() throws Exception {
        List<RouteRule<String>> rules = new ArrayList<>();
        for (int i = 0; i < RouteTable.MOST_CHECKS / 2; i++) {
            rules.add(Asked.rule("r" + i, Asked.match("host=h.org path=/x header=h" + i)));
            rules.add(Asked.rule("s" + i, Asked.match("header=h" + i)));
        }
        assertEquals(List.of(), RouteTable.of(rules).problems());
        rules.add(Asked.rule("last", Asked.match("host=*.org path=/")));
        assertEquals(
                "a request may have to be held against 129 routes, r0 among them (expected: at most 128): host h.org, prefix /x, header h0",
                RouteTable.of(rules).problems().getFirst().message());
    }

    /** Ten thousand tenants are no more checks than one. */
    @Test
    void valuesOfOneFieldAreNoChecks() throws Exception {
        List<RouteRule<String>> rules = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            rules.add(Asked.rule("r" + i, Asked.match("path=/x header=x-tenant=t" + i)));
        }
        assertEquals(List.of(), RouteTable.of(rules).problems());
        RouteTable<String> table = RouteTable.of(rules);
        assertEquals("r4711", Asked.route(table, Asked.request("GET h/x", "X-Tenant: t4711")));
        assertEquals("none", Asked.route(table, Asked.request("GET h/x", "X-Tenant: t10000")));
    }

    @Test
    void tooManyMethodsAreRefused() throws Exception {
        List<RouteRule<String>> rules = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            rules.add(Asked.rule("r" + i, Asked.match("method=M" + i)));
        }
        assertEquals(
                "64 different methods in all routes (expected: at most 63)",
                RouteTable.of(rules).problems().getFirst().message());
    }

    @Test
    void whatTakesARequestIsToldInOrderWhateverTheOrderGiven() throws Exception {
        RouteTable<String> table = RouteTable.of(List.of(
                Asked.rule("else"),
                Asked.rule(
                        "api",
                        Asked.match(
                                "host=api.example.org host=*.api.example.org path=/v2 method=GET header=x-tenant=acme")),
                Asked.rule("ping", Asked.match("exact=/ping"))));
        assertEquals(
                List.of(
                        "api: host api.example.org, prefix /v2, method GET, header x-tenant=acme",
                        "api: host *.api.example.org, prefix /v2, method GET, header x-tenant=acme",
                        "ping: any host, exact /ping",
                        "else: any host, prefix /"),
                table.inOrder().stream()
                        .map(line -> line.name() + ": " + line.conditions())
                        .toList());
    }
}
