// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.Cidr;
import io.waffle.server.config.InvalidValue;
import io.waffle.server.http.HeadException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Requests and routes for tests, in few words. */
final class Asked {

    static final ClientAddress CLIENT = address("192.0.2.7");

    private Asked() {}

    static ClientAddress address(String literal) {
        return ClientAddress.of(InetAddress.ofLiteral(literal));
    }

    static Cidr block(String literal, int prefix) {
        ClientAddress address = address(literal);
        return new Cidr(address, address.isIPv4() ? prefix + 96 : prefix);
    }

    /** {@code GET example.org/path}, and fields as {@code name: value}. */
    static RouteQuestion request(String line, String... fields) {
        int space = line.indexOf(' ');
        int slash = line.indexOf('/');
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        for (String field : fields) {
            int colon = field.indexOf(": ");
            entries.add(Map.entry(field.substring(0, colon), field.substring(colon + 2)));
        }
        return new RouteQuestion(
                line.substring(0, space),
                line.substring(space + 1, slash),
                line.substring(slash),
                entries,
                CLIENT,
                "default");
    }

    /** The name of the route, {@code none} or {@code ambiguous}. */
    static String route(RouteTable<String> table, RouteQuestion question) throws HeadException {
        return name(
                table,
                table.find(question.head(), question.client(), table.listener(question.listener()), new RouteQuery()));
    }

    static String name(RouteTable<String> table, int found) {
        return switch (found) {
            case RouteTable.NONE -> "none";
            case RouteTable.AMBIGUOUS -> "ambiguous";
            default -> table.target(found);
        };
    }

    static RouteRule<String> rule(String name, RouteMatch... matches) {
        return new RouteRule<>(name, List.of(matches), false, name);
    }

    /** A match in words: {@code host=*.example.org path=/a method=GET header=x-a=1 query=q cookie=c~x.* client=10.0.0.0/8 listener=web}. */
    static RouteMatch match(String words) throws InvalidValue {
        List<HostMatch> hosts = new ArrayList<>();
        Optional<PathMatch> path = Optional.empty();
        Set<String> methods = new HashSet<>();
        List<FieldMatch> headers = new ArrayList<>();
        List<FieldMatch> query = new ArrayList<>();
        List<FieldMatch> cookies = new ArrayList<>();
        List<Cidr> clients = new ArrayList<>();
        Set<String> listeners = new HashSet<>();
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            String kind = word.substring(0, word.indexOf('='));
            String text = word.substring(word.indexOf('=') + 1);
            switch (kind) {
                case "host" -> hosts.add(HostMatch.parse(text));
                case "path" -> path = Optional.of(PathMatch.prefix(text));
                case "exact" -> path = Optional.of(PathMatch.exact(text));
                case "pattern" -> path = Optional.of(PathMatch.pattern(text));
                case "regex" -> path = Optional.of(PathMatch.regex(text));
                case "method" -> methods.add(RouteMatch.method(text));
                case "header" -> headers.add(FieldMatch.header(fieldName(text), value(text)));
                case "query" -> query.add(FieldMatch.query(fieldName(text), value(text)));
                case "cookie" -> cookies.add(FieldMatch.cookie(fieldName(text), value(text)));
                case "client" ->
                    clients.add(block(
                            text.substring(0, text.indexOf('/')),
                            Integer.parseInt(text.substring(text.indexOf('/') + 1))));
                case "listener" -> listeners.add(text);
                default -> throw new IllegalArgumentException(word);
            }
        }
        return new RouteMatch(hosts, path, methods, headers, query, cookies, clients, listeners);
    }

    private static String fieldName(String text) {
        return text.split("[=~]", 2)[0];
    }

    private static ValueMatch value(String text) throws InvalidValue {
        String name = fieldName(text);
        if (name.length() == text.length()) {
            return ValueMatch.PRESENT;
        }
        String value = text.substring(name.length() + 1);
        return text.charAt(name.length()) == '=' ? ValueMatch.exact(value) : ValueMatch.regex(value);
    }
}
