// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteWarningsTest {

    /** The first takes all that the second is for. */
    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(delimiterString = " | ", textBlock = """
            regex=/.* | path=/
            regex=/.* | ''
            regex=.* | method=GET
            regex=/api(/.*)? | path=/api header=x-a=1
            regex=^/api.*$ | path=/api
            host=a.org regex=/a(|/b)(/.*)? | host=a.org path=/a
            regex=/b(|/.*) method=GET method=PUT | path=/b method=GET
            regex=/[a-z]+ method=GET | regex=/[a-c]{2} method=GET
            path=/ client=::/0 | path=/
            path=/ client=::/0 client=10.0.0.0/8 | path=/
            """)
    void tellsWhatNeverWins(String one, String other) throws Exception {
        assertEquals(
                List.of("other"),
                names(List.of(Asked.rule("one", Asked.match(one)), Asked.rule("other", Asked.match(other)))));
    }

    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(delimiterString = " | ", textBlock = """
            regex=/.+ | path=/
            regex=/(a|b)(/.*)? | path=/a
            path=/ header=a~[0-9]+ | path=/ header=a
            regex=/api/.* | path=/api
            regex=/api(/[a-z]*)? | path=/api
            regex=/.* method=GET | path=/
            host=a.org regex=/.* | path=/
            regex=/.* header=x | path=/
            path=/ client=0.0.0.0/0 | path=/
            exact=/a | path=/a
            regex=/[a-c]+ | regex=/[a-b]+d?
            """)
    void saysNothingOfOthers(String one, String other) throws Exception {
        assertEquals(
                List.of(),
                names(List.of(Asked.rule("one", Asked.match(one)), Asked.rule("other", Asked.match(other)))));
    }

    @Test
    void namesWhoTakesTheRequests() throws Exception {
        assertEquals(
                List.of(new RouteProblem(
                        1, "route web never wins: route all takes all of its requests (any host, regex /.*)")),
                RouteTable.of(List.of(
                                Asked.rule("all", Asked.match("regex=/.*")), Asked.rule("web", Asked.match("path=/"))))
                        .warnings());
        assertEquals(
                List.of(new RouteProblem(
                        0, "route v2 never wins: no path matches v2/.*, since each begins with a slash")),
                RouteTable.of(List.of(Asked.rule("v2", Asked.match("regex=v2/.*"))))
                        .warnings());
    }

    /** One that wins by one of its matches is of use. */
    @Test
    void aRouteThatWinsByOneOfItsMatchesIsNotToldOf() throws Exception {
        assertEquals(
                List.of(),
                names(List.of(
                        Asked.rule("one", Asked.match("regex=/.*")),
                        Asked.rule("other", Asked.match("path=/"), Asked.match("exact=/x")))));
    }

    @Test
    void tenThousandRoutesAreLookedAtInAMoment() throws Exception {
        List<RouteRule<String>> rules = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            rules.add(Asked.rule("r" + i, Asked.match("path=/x header=x-tenant=t" + i)));
            rules.add(Asked.rule("s" + i, Asked.match("regex=/s" + i + "/[a-z]*")));
        }
        assertEquals(List.of(), RouteTable.of(rules).warnings());
    }

    private static List<String> names(List<RouteRule<String>> all) {
        return RouteTable.of(all).warnings().stream()
                .map(warning -> all.get(warning.rule()).name())
                .toList();
    }
}
