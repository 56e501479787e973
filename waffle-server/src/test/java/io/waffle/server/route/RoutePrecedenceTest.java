// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The precedence of HTTPRoute, row by row: of two routes that a request is for the first given wins, in whatever order they are configured. */
class RoutePrecedenceTest {

    @ParameterizedTest(name = "{0} | {1} | {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # exact host before wildcard, whatever the path
            GET a.example.org/x/y    | host=a.example.org               | host=*.example.org exact=/x/y
            # of wildcards the longest
            GET a.b.example.org/x    | host=*.b.example.org             | host=*.example.org path=/x
            GET a.b.example.org/x    | host=*.example.org               | host=*.org exact=/x
            # any host comes last
            GET a.example.org/x      | host=*.example.org               | exact=/x method=GET
            # exact path before prefix
            GET h.org/x/y            | exact=/x/y                       | path=/x/y method=GET header=a
            # the longest prefix
            GET h.org/x/y/z          | path=/x/y                        | path=/x method=GET header=a
            GET h.org/x              | path=/x                          | path=/ method=GET
            # method, then headers, then query parameters
            GET h.org/x?c=1          | path=/x method=GET               | path=/x header=a header=b query=c
            GET h.org/x?c=1&d=2      | path=/x header=a                 | path=/x query=c query=d
            GET h.org/x?c=1          | path=/x header=a header=b        | path=/x header=a query=c
            GET h.org/x?c=1&d=2      | path=/x query=c query=d          | path=/x query=c
            # ours: cookies count with headers
            GET h.org/x?c=1          | path=/x header=a cookie=k        | path=/x header=a query=c
            GET h.org/x?c=1          | path=/x cookie=k                 | path=/x query=c
            # ours: client, then listener, after query parameters
            GET h.org/x?c=1          | path=/x query=c                  | path=/x client=192.0.2.0/24 listener=default
            GET h.org/x              | path=/x client=192.0.2.0/24      | path=/x listener=default
            GET h.org/x              | path=/x listener=default         | path=/x
            GET h.org/x              | path=/x client=192.0.2.0/24      | path=/x client=192.0.0.0/16
            # ours: one text before a regular expression before any value
            GET h.org/x              | header=a=1                       | header=a~.*
            GET h.org/x              | header=a~.*                      | header=a
            # ours: patterns and regular expressions just above a prefix as long as what they begin with
            GET h.org/users/7/cart   | pattern=/users/*/cart            | path=/users
            GET h.org/users/7/cart   | path=/users/7                    | pattern=/users/*/cart
            GET h.org/users/7/cart   | pattern=/users/7/*               | pattern=/users/*/cart
            GET h.org/users/7/cart   | pattern=/users/*/cart            | pattern=/users/*/*
            GET h.org/users/7/cart   | pattern=/users/*/cart            | pattern=/*/7/cart
            GET h.org/users/7/cart   | pattern=/users/*/cart            | regex=/users/.*
            GET h.org/v2/x           | regex=/v2.*                      | path=/v2 method=GET
            GET h.org/v2             | regex=/v2.*                      | path=/v2
            GET h.org/v2/x           | path=/v2/x                       | regex=/v2.*
            GET h.org/v2/x           | regex=/v2/.*                     | regex=/v.*
            GET h.org/v2x            | regex=/v2.*                      | path=/
            GET h.org/v2x            | path=/v2x                        | regex=/v2.*
            """)
    void firstWins(String request, String better, String worse) throws Exception {
        RouteQuestion question = Asked.request(request, "A: 1", "B: 1", "Cookie: k=v");
        List<RouteRule<String>> rules = new ArrayList<>(List.of(
                Asked.rule("z", Asked.match(better)),
                Asked.rule("a", Asked.match(worse)),
                Asked.rule("else", Asked.match("host=else.example.org"))));
        for (int i = 0; i < 6; i++) {
            Collections.shuffle(rules, new Random(i));
            assertEquals("z", Asked.route(RouteTable.of(rules), question));
        }
        assertEquals("a", Asked.route(RouteTable.of(List.of(Asked.rule("a", Asked.match(worse)))), question));
    }
}
