// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.waffle.server.config.InvalidValue;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests a match is for: the rows of HTTPRoute, and what it leaves open. */
class RouteMatchTest {

    @ParameterizedTest(name = "{0} | {1} | {2}")
    @CsvSource(delimiter = '|', textBlock = """
            host=h.org                  | GET h.org/                     | yes
            host=h.org                  | GET H.oRG:8080/                | yes
            host=h.org                  | GET h.org./                    | yes
            host=h.org                  | GET h.org../                   | no
            host=h.org                  | GET x.h.org/                   | no
            host=H.ORG.                 | GET h.org/                     | yes
            host=*.h.org                | GET a.h.org/                   | yes
            host=*.h.org                | GET a.b.c.h.org:1/             | yes
            host=*.h.org                | GET h.org/                     | no
            host=*.h.org                | GET .h.org/                    | no
            host=*.h.org                | GET ah.org/                    | no
            host=a.org host=b.org       | GET b.org/                     | yes
            host=[0:0:0::1]             | GET [::1]:80/                  | yes
            host=192.0.2.1              | GET 192.0.2.1:80/              | yes
            path=/abc                   | GET h/abc                      | yes
            path=/abc                   | GET h/abc/                     | yes
            path=/abc                   | GET h/abc/d?e=/f               | yes
            path=/abc                   | GET h/abc?d                    | yes
            path=/abc                   | GET h/abcd                     | no
            path=/abc                   | GET h/ABC                      | no
            path=/abc/                  | GET h/abc                      | yes
            path=/a//b                  | GET h/a/b/c                    | yes
            path=/a/b                   | GET h/a///b                    | yes
            path=/%7euser               | GET h/~user/x                  | yes
            path=/~user                 | GET h/%7Euser/x                | yes
            path=/a%2fb                 | GET h/a%2Fb                    | yes
            path=/a/b                   | GET h/a%2Fb                    | no
            path=/ä                     | GET h/%C3%a4                   | yes
            path=/                      | GET h/                         | yes
            exact=/abc                  | GET h/abc?x=1                  | yes
            exact=/abc                  | GET h/abc/                     | no
            exact=/abc/                 | GET h/abc/                     | yes
            exact=/abc                  | GET h/abc/d                    | no
            exact=/                     | GET h/                         | yes
            exact=/                     | GET h/a                        | no
            pattern=/users/*/cart       | GET h/users/7/cart             | yes
            pattern=/users/*/cart       | GET h/users/7/cart/            | yes
            pattern=/users/*/cart       | GET h/users/7/8/cart           | no
            pattern=/users/*/cart       | GET h/users//cart              | no
            pattern=/users/*/cart       | GET h/users/7/cart/x           | no
            pattern=/*                  | GET h/                         | no
            pattern=/*/x                | GET h/a%20b/x                  | yes
            regex=/v[0-9]+(/.*)?        | GET h/v12/x                    | yes
            regex=/v[0-9]+              | GET h/v12/x                    | no
            regex=/a%20b                | GET h/a%20b                    | yes
            regex=/v2                   | GET h/v2/                      | no
            method=GET method=HEAD      | HEAD h/                        | yes
            method=GET                  | HEAD h/                        | no
            method=PURGE                | PURGE h/                       | yes
            method=PURGE                | purge h/                       | no
            header=X-Tenant=acme        | GET h/ | yes
            header=x-tenant=Acme        | GET h/ | no
            header=x-tenant             | GET h/ | yes
            header=x-other              | GET h/ | no
            header=x-twice=1,+2         | GET h/ | yes
            header=x-twice=1            | GET h/ | no
            header=x-tenant~ac.*        | GET h/ | yes
            header=x-tenant~c           | GET h/ | no
            header=x-empty=             | GET h/ | yes
            header=x-tenant header=no   | GET h/ | no
            header=x-tenant=acme header=X-TENANT=b | GET h/ | yes
            cookie=b=2                  | GET h/ | yes
            cookie=b=3                  | GET h/ | no
            cookie=c=3                  | GET h/ | yes
            cookie=B                    | GET h/ | no
            cookie=d="4"                | GET h/ | yes
            query=q=1                   | GET h/?q=1&q=2                 | yes
            query=q=2                   | GET h/?q=1&q=2                 | no
            query=q=a+b                 | GET h/?p&%71=a+b               | yes
            query=q=a+b                 | GET h/?q=a%20b                 | yes
            query=q=a%2                 | GET h/?q=a%2                   | yes
            query=q                     | GET h/?q                       | yes
            query=q=                    | GET h/?q                       | yes
            query=q                     | GET h/?xq=1                    | no
            query=Q                     | GET h/?q=1                     | no
            client=192.0.2.0/24         | GET h/ | yes
            client=192.0.3.0/24 client=192.0.2.7/32 | GET h/ | yes
            client=2001:db8::/32        | GET h/ | no
            listener=default            | GET h/ | yes
            listener=tls                | GET h/ | no
            """)
    void isFor(String words, String request, String answer) throws Exception {
        String decoded = words.replace(",+", ", ");
        List<FieldMatch> spaced = Asked.match(words).headers().stream()
                .map(field -> field.name().equals("x-twice") ? with(field, decoded) : field)
                .toList();
        RouteMatch match = Asked.match(words);
        match = new RouteMatch(
                match.hosts(),
                match.path(),
                match.methods(),
                spaced,
                match.query().stream()
                        .map(field -> new FieldMatch(
                                field.name(),
                                field.value().equals(ValueMatch.exact("a+b"))
                                        ? ValueMatch.exact("a b")
                                        : field.value()))
                        .toList(),
                match.cookies(),
                match.clients(),
                match.listeners());
        RouteQuestion question = Asked.request(
                request,
                "X-Tenant: acme",
                "X-Twice: 1",
                "x-twice: 2",
                "X-Empty: ",
                "Cookie: a=1; b=2;b=3",
                "Cookie: c=3 ; d=\"4\"");
        String expected = answer.equals("yes") ? "it" : "none";
        RouteRule<String> rule = new RouteRule<>("it", List.of(match), true, "it");
        assertEquals(expected, Asked.route(RouteTable.of(List.of(rule)), question));
    }

    private static FieldMatch with(FieldMatch field, String words) {
        return new FieldMatch(field.name(), ValueMatch.exact(words.substring(words.lastIndexOf('=') + 1)));
    }

    @Test
    void aRequestWithoutHostAndTheServerAsAWholeAreForAnyHostAndPath() throws Exception {
        RouteTable<String> table = RouteTable.of(List.of(
                Asked.rule("any"),
                Asked.rule("host", Asked.match("host=h.org")),
                Asked.rule("path", Asked.match("exact=/"))));
        assertEquals("path", Asked.route(table, new RouteQuestion("GET", "", "/", List.of(), Asked.CLIENT, "web")));
        assertEquals("any", Asked.route(table, new RouteQuestion("OPTIONS", "", "*", List.of(), Asked.CLIENT, "web")));
        assertEquals("path", found(table, "GET http://x.org HTTP/1.1\r\nHost: h.org\r\n\r\n"));
        assertEquals("host", found(table, "GET http://h.org/a HTTP/1.1\r\nHost: x.org\r\n\r\n"));
    }

    private static String found(RouteTable<String> table, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        head.parse(ByteBuffer.wrap(bytes), bytes.length);
        return Asked.name(table, table.find(head, Asked.CLIENT, RouteTable.OTHER_LISTENER, new RouteQuery()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            host=h.org:80          | a host without a port
            host=*                 | a host without a port
            host=a.*.org           | a host without a port
            host=*.192.0.2.1       | a host without a port
            path=abc               | a path, such as /api, of visible ASCII
            path=/a?b              | a path, such as /api
            path=/a#b              | a path, such as /api
            path=/a\\b             | a path, such as /api
            path=/a%zz             | a path, such as /api
            path=/a%00             | a path, such as /api
            path=/a%4              | a path, such as /api
            exact=/a/../b          | a path, such as /api
            exact=/a/%2e           | a path, such as /api
            pattern=/users/x*/cart | a path with * for a whole segment
            pattern=/users         | a path with * for a whole segment
            method=get             | a method other than CONNECT
            method=CONNECT         | a method other than CONNECT
            method=G,ET            | a method other than CONNECT
            header=a:b             | the name of a header field
            query==1               | the name of a query parameter
            cookie==1              | the name of a cookie
            """)
    void refuses(String words, String expected) {
        InvalidValue e = assertThrows(InvalidValue.class, () -> Asked.match(words));
        assertEquals(
                expected,
                e.expected()
                        .substring(0, Math.min(expected.length(), e.expected().length())));
    }
}
