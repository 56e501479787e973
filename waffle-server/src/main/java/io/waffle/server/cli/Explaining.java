// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.CommandSettings;
import io.waffle.server.config.InvalidValue;
import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.Problem;
import io.waffle.server.config.RawValue;
import io.waffle.server.config.Setting;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.route.RouteQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The requests a command line asks about ({@code -explain}), with what is said of all of them. */
final class Explaining {

    private static final Pattern ASKED = Pattern.compile(
            "(?:([A-Za-z0-9!#$%&'*+.^_`|~-]+) +)?(?:(https?)://([^/?#\\s]+))?(/\\S*)?", Pattern.CASE_INSENSITIVE);

    private final Arguments arguments;
    private final WaffleConfig config;
    private final List<Problem> problems = new ArrayList<>();

    Explaining(Arguments arguments, WaffleConfig config) {
        this.arguments = arguments;
        this.config = config;
    }

    /** Whether anything is asked. */
    static boolean isAsked(Arguments arguments) {
        return arguments.given().containsKey(CommandSettings.EXPLAIN);
    }

    WaffleConfig config() {
        return config;
    }

    /** What is wrong with what is asked, as far as it has been read. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** What is asked about, as it was written. */
    record Asked(String text, RouteQuestion question) {}

    List<Asked> read() {
        List<Map.Entry<String, String>> fields = given(CommandSettings.EXPLAIN_HEADER).stream()
                .flatMap(each -> field(each).stream())
                .toList();
        ClientAddress client = client();
        Optional<String> listener = listener();
        return given(CommandSettings.EXPLAIN).stream()
                .flatMap(each -> read(each, fields, client, listener).stream())
                .toList();
    }

    private List<RawValue> given(Setting<?> setting) {
        return arguments.given().getOrDefault(setting, List.of());
    }

    private Optional<Asked> read(
            RawValue each, List<Map.Entry<String, String>> fields, ClientAddress client, Optional<String> listener) {
        Matcher parts = ASKED.matcher(each.text().strip());
        if (!parts.matches() || (parts.group(3) == null && parts.group(4) == null)) {
            problems.add(Problem.of(each.origin(), each.text(), CommandSettings.EXPLAIN.range()));
            return Optional.empty();
        }
        String host = Optional.ofNullable(parts.group(3)).orElse("localhost");
        boolean https = "https".equalsIgnoreCase(parts.group(2));
        RouteQuestion question = new RouteQuestion(
                Optional.ofNullable(parts.group(1)).orElse("GET"),
                host,
                Optional.ofNullable(parts.group(4)).orElse("/"),
                fields,
                client,
                listener.orElseGet(() -> listenerOf(https, host)));
        return Optional.of(
                new Asked(each.text().strip() + " from " + client + " by listener " + question.listener(), question));
    }

    /** The one such a URL leads to, as far as that can be known: of its scheme and its port, or of its scheme. */
    private String listenerOf(boolean https, String host) {
        List<ListenerConfig> fitting = config.listeners().stream()
                .filter(listener -> listener.tls().isPresent() == https)
                .toList();
        return fitting.stream()
                .filter(listener -> host.endsWith(":" + listener.address().port()))
                .findFirst()
                .or(() -> fitting.stream().findFirst())
                .orElse(config.listeners().getFirst())
                .name();
    }

    private Optional<Map.Entry<String, String>> field(RawValue given) {
        try {
            String text = CommandSettings.EXPLAIN_HEADER.read(given.text());
            int colon = text.indexOf(':');
            return Optional.of(Map.entry(
                    text.substring(0, colon), text.substring(colon + 1).strip()));
        } catch (InvalidValue e) {
            problems.add(Problem.of(given.origin(), given.text(), e.expected()));
            return Optional.empty();
        }
    }

    private ClientAddress client() {
        Optional<RawValue> given =
                given(CommandSettings.EXPLAIN_CLIENT).stream().reduce((one, other) -> other);
        String text = given.map(RawValue::text).orElse("127.0.0.1");
        try {
            return ClientAddress.of(CommandSettings.EXPLAIN_CLIENT.read(text).at());
        } catch (InvalidValue e) {
            given.ifPresent(wrong -> problems.add(Problem.of(wrong.origin(), text, e.expected())));
            return new ClientAddress(0, 1);
        }
    }

    private Optional<String> listener() {
        Optional<RawValue> given =
                given(CommandSettings.EXPLAIN_LISTENER).stream().reduce((one, other) -> other);
        List<String> names =
                config.listeners().stream().map(ListenerConfig::name).toList();
        given.filter(wanted -> !names.contains(wanted.text()))
                .ifPresent(wrong -> problems.add(Problem.among(wrong.origin(), wrong.text(), names)));
        return given.map(RawValue::text);
    }
}
