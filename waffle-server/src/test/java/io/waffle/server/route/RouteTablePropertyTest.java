// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.server.config.InvalidValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * On random tables and requests the table agrees with {@link NaiveRoutes}. Small alphabets, so that many routes are for one request; now and then one path with very many
 * routes, so that values are looked up. {@code -Dwaffle.routes=1000000} asks for more requests than the usual hundred thousand.
 */
class RouteTablePropertyTest {

    private static final int REQUESTS = Integer.getInteger("waffle.routes", 100_000);
    private static final int PER_TABLE = 100;

    private static final List<String> HOSTS =
            List.of("a.org", "b.a.org", "c.b.a.org", "x.org", "*.a.org", "*.b.a.org", "*.org", "[::1]");
    private static final List<String> ASKED_HOSTS = List.of(
            "a.org",
            "b.a.org",
            "C.b.A.org:8080",
            "x.org.",
            "y.a.org",
            "q.w.b.a.org",
            "z.net",
            "[::1]:80",
            ".a.org",
            "b.a.org.:1");
    private static final List<String> SEGMENTS = List.of("a", "b", "users", "a-long-segment-of-it", "eightcha");
    private static final List<String> REGEXES = List.of(
            "/a.*",
            "/a/.*",
            "/(a|b)/users",
            "/users/[a-z]+",
            "/users(/.*)?",
            "/.*",
            "/a/b?",
            "/users/a{1,2}",
            ".*/b",
            "/us+ers/.*");

    private final Random random = new Random(20261201);
    private final RouteQuery query = new RouteQuery();

    @Test
    void agreesWithTheNaiveMatcher() throws Exception {
        int found = 0;
        for (int i = 0; i < REQUESTS / PER_TABLE; i++) {
            List<RouteRule<String>> rules = rules(i % 50 == 0 ? 120 : 1 + random.nextInt(14));
            RouteTable<String> table = RouteTable.of(rules);
            NaiveRoutes naive = new NaiveRoutes(rules);
            for (int k = 0; k < PER_TABLE; k++) {
                Map<String, String> parameters = new LinkedHashMap<>();
                String path = path();
                RouteQuestion question = question(path, parameters);
                int expected = naive.find(question, path, parameters);
                int actual = table.find(question.head(), question.client(), table.listener(question.listener()), query);
                assertEquals(expected, actual, () -> question + "\n" + table.inOrder());
                found += expected >= 0 ? 1 : 0;
            }
        }
        assertEquals(true, found > REQUESTS / 3 && found < REQUESTS, () -> "a test that tells little");
    }

    private List<RouteRule<String>> rules(int count) throws InvalidValue {
        List<RouteRule<String>> rules = new ArrayList<>();
        List<Integer> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(i);
        }
        Collections.shuffle(names, random);
        boolean many = count > 100;
        for (int name : names) {
            List<RouteMatch> matches = new ArrayList<>();
            for (int k = 0; k < (many ? 1 : 1 + random.nextInt(2)); k++) {
                matches.add(many ? Asked.match(fieldWords()) : match());
            }
            rules.add(new RouteRule<>("route-%03d".formatted(name), matches, false, ""));
        }
        return rules;
    }

    private String fieldWords() {
        String words = "header=x-a=" + random.nextInt(12);
        words += random.nextInt(3) == 0 ? " header=x-b=" + random.nextInt(4) : "";
        words += random.nextInt(3) == 0 ? " cookie=k=" + random.nextInt(4) : "";
        words += random.nextInt(3) == 0 ? " query=q=" + random.nextInt(4) : "";
        return words + (random.nextInt(3) == 0 ? " method=GET" : "");
    }

    private RouteMatch match() throws InvalidValue {
        StringBuilder words = new StringBuilder("method=" + pick(List.of("GET", "POST", "PURGE")));
        if (random.nextInt(3) > 0) {
            words.setLength(0);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            words.append(" host=").append(pick(HOSTS));
        }
        switch (random.nextInt(6)) {
            case 0, 1 -> words.append(" path=").append(path());
            case 2 -> words.append(" exact=").append(path());
            case 3 -> words.append(" pattern=").append(pattern());
            case 4 -> words.append(" regex=").append(pick(REGEXES));
            default -> {}
        }
        for (int i = random.nextInt(2); i > 0; i--) {
            words.append(pick(List.of(
                    " header=x-a=1",
                    " header=x-a",
                    " header=X-B~[0-9]+",
                    " cookie=k=1",
                    " cookie=k~.",
                    " query=q=1",
                    " query=p",
                    " client=192.0.2.0/24",
                    " client=10.0.0.0/8",
                    " client=192.0.0.0/16",
                    " listener=default",
                    " listener=tls")));
        }
        return Asked.match(words.toString().strip());
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(pick(SEGMENTS));
        }
        return path + (path.isEmpty() || random.nextInt(5) == 0 ? "/" : "");
    }

    private String pattern() {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(2); i > 0; i--) {
            path.append('/').append(pick(SEGMENTS));
        }
        path.append("/*");
        for (int i = random.nextInt(2); i > 0; i--) {
            path.append('/').append(random.nextBoolean() ? "*" : pick(SEGMENTS));
        }
        return path.toString();
    }

    private RouteQuestion question(String path, Map<String, String> parameters) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            fields.add(Map.entry(pick(List.of("X-A", "x-a", "x-b", "X-C")), Integer.toString(random.nextInt(12))));
        }
        if (random.nextBoolean()) {
            fields.add(Map.entry("Cookie", "z=1; k=" + random.nextInt(4) + "; k=9"));
        }
        StringBuilder target = new StringBuilder(path);
        char separator = '?';
        for (int i = random.nextInt(3); i > 0; i--) {
            String name = pick(List.of("q", "p"));
            String value = Integer.toString(random.nextInt(4));
            parameters.putIfAbsent(name, value);
            target.append(separator).append(name).append('=').append(value);
            separator = '&';
        }
        return new RouteQuestion(
                pick(List.of("GET", "POST", "PURGE", "BREW")),
                pick(ASKED_HOSTS),
                target.toString(),
                fields,
                Asked.address(pick(List.of("192.0.2.7", "10.1.1.1", "192.0.9.9", "2001:db8::1"))),
                pick(List.of("default", "tls", "other")));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
