// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.Host;
import io.waffle.server.config.InvalidValue;
import io.waffle.server.config.ListenerConfig;
import io.waffle.server.route.RouteQuestion;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request that somebody asks about, as the parameters of a call describe it.
 *
 * @param pool that is asked in place of the route's, if one is named
 * @param serverName the name its connection was made with
 */
record Question(
        String client,
        String method,
        String target,
        String host,
        List<Map.Entry<String, String>> fields,
        ListenerConfig listener,
        Optional<String> pool,
        String serverName) {

    static final List<String> PARAMETERS =
            List.of("client", "path", "method", "host", "cookie", "header", "listener", "pool", "server_name");

    private static final Pattern TARGET = Pattern.compile("/[\\x21-\\x7E]*|\\*");
    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern HOST = Pattern.compile("[\\x21-\\x7E]{1,300}");
    private static final Pattern COOKIE = Pattern.compile("[^\\p{Cntrl}]{1,4096}");
    private static final Pattern FIELD =
            Pattern.compile("([A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}): *([^\\p{Cntrl}]{0,4096})");

    /** Fields that are parameters of their own. */
    private static final List<String> OTHERWISE = List.of("host", "cookie");

    static Question of(Call call, List<ListenerConfig> listeners) {
        Map<String, String> given = call.parameters(PARAMETERS);
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        call.repeated(PARAMETERS).forEach(field -> fields.add(field(field)));
        cookie(given).ifPresent(cookie -> fields.add(Map.entry("Cookie", cookie)));
        return new Question(
                given.getOrDefault("client", "127.0.0.1"),
                matching("method", given.getOrDefault("method", "GET"), METHOD, "a method"),
                matching("path", given.getOrDefault("path", "/"), TARGET, "a path that begins with a slash, or *"),
                matching("host", given.getOrDefault("host", "localhost"), HOST, "a host"),
                fields,
                listener(given, listeners),
                Optional.ofNullable(given.get("pool")),
                matching(
                        "server_name",
                        given.getOrDefault("server_name", given.getOrDefault("host", "localhost")),
                        HOST,
                        "a name"));
    }

    private static ListenerConfig listener(Map<String, String> given, List<ListenerConfig> listeners) {
        String name = given.getOrDefault("listener", listeners.getFirst().name());
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.of(
                        Refusal.NOT_FOUND,
                        "listener",
                        name,
                        "one of "
                                + String.join(
                                        ", ",
                                        listeners.stream()
                                                .map(ListenerConfig::name)
                                                .toList())));
    }

    /** Its value may be a secret, so only its name is told. */
    private static Map.Entry<String, String> field(String text) {
        var matcher = FIELD.matcher(text);
        if (!matcher.matches()) {
            throw Refusal.badValue("header", text.length() + " characters", "NAME:VALUE, such as x-tenant:acme");
        }
        String name = matcher.group(1);
        if (OTHERWISE.contains(name.toLowerCase(Locale.ROOT))) {
            throw Refusal.badValue("header", name, "the parameter " + name.toLowerCase(Locale.ROOT) + " in its place");
        }
        return Map.entry(name, matcher.group(2));
    }

    /** It may let its bearer into what is behind Waffle, so nothing tells of it but its length. */
    private static Optional<String> cookie(Map<String, String> given) {
        Optional<String> cookie = Optional.ofNullable(given.get("cookie"));
        cookie.filter(text -> !COOKIE.matcher(text).matches()).ifPresent(wrong -> {
            throw Refusal.badValue(
                    "cookie", wrong.length() + " characters", "1 to 4096, none of them a control character");
        });
        return cookie;
    }

    private static String matching(String where, String text, Pattern pattern, String expected) {
        if (!pattern.matcher(text).matches()) {
            throw Refusal.badValue(where, text, expected);
        }
        return text;
    }

    private ClientAddress address() {
        try {
            return ClientAddress.of(Host.Address.parse(client).at());
        } catch (InvalidValue e) {
            throw Refusal.badValue("client", client, e.expected());
        }
    }

    /** As the routes are asked. */
    RouteQuestion forRoutes() {
        return new RouteQuestion(method, host, target, fields, address(), listener.name());
    }

    /** As a pool is asked. */
    ExplainedRequest forPool() {
        Map<String, String> byName = new HashMap<>(Map.of("host", host));
        fields.forEach(field -> byName.merge(
                field.getKey().toLowerCase(Locale.ROOT), field.getValue(), (one, other) -> one + ", " + other));
        return new ExplainedRequest(method, target, byName, address());
    }

    /** What was asked about, but for what may be secret. */
    JsonObjectBuilder view() {
        return JSON.createObjectBuilder()
                .add("client", client)
                .add("method", method)
                .add("path", target)
                .add("host", host)
                .add("listener", listener.name());
    }
}
