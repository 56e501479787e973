// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.server.config.CommandSettings;
import io.waffle.server.config.Origin;
import io.waffle.server.config.Problem;
import io.waffle.server.config.Setting;
import io.waffle.server.config.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code -help} prints: a page of what one needs first, and the rest by group, from the table of settings. */
final class Help {

    private static final int WIDTH = 100;
    private static final String INDENT = "      ";

    /** The topic that is no group. */
    private static final String ALL = "all";

    /** As much as is seen at once in the smallest terminal. */
    private static final String FIRST = """
            Waffle, an HTTP load balancer

              waffle -demo                         shows it at work, with backends of its own
              waffle -listen :8080 -backends http://app1:3000,http://app2:3000
              waffle -config waffle.yaml           the same and all else, by a file (conf/waffle.yaml is one)
              waffle check -config waffle.yaml     says all that is wrong with it

            First flags
              -listen [HOST]:PORT          where to listen, by default :8080
              -backends URL,...            the servers to balance over, as in 'URL;weight=5', 'URL;backup'
              -lb-strategy NAME            round-robin (the default), ip-hash, least-connections, or a plugin's
              -sticky-cookie NAME          keeps a client with its backend
              -health-check-path PATH      asks each backend for it, and leaves out who does not answer well
              -tls-cert FILE -tls-key FILE takes HTTPS
              -access-log FILE             a line for each request; - is standard output
              -admin 127.0.0.1:PORT        an API to look, drain, add and reload, with -admin-token-file FILE
            Often looked for: -timeout-response-idle, -backend-tls-server-name, -shutdown-delay (a grace before
              the stop), -metrics-listen (readiness from elsewhere), -trusted-proxies, -via

            Commands, as the first word or with a dash: %s
              to one that runs, by its admin API: %s
            All flags, with their variables and YAML keys
              waffle -help all, or -help GROUP, which is one of
              %s
            """;

    private static final String HEAD = """
            Waffle, an HTTP load balancer

            Usage
              waffle -backends URL,URL... [FLAG VALUE]...

            Examples
              waffle -listen :8080 -backends http://app1:3000,http://app2:3000 -lb-strategy round-robin
              waffle -listen :8080 -backends http://app1:3000,http://app2:3000 -lb-strategy ip-hash
              waffle -listen :8080 -backends http://app1:3000,http://app2:3000,http://app3:3000 \\
                  -lb-strategy least-connections
              waffle -listen :443 -backends http://app1:3000,http://app2:3000 \\
                  -tls-cert /path/to/cert.pem -tls-key /path/to/key.pem
              waffle -backends http://app1:3000,http://app2:3000 -lb-strategy ip-hash -config config.yaml
              waffle -demo
            """;

    private static final String FOOT = """

            A flag may have two dashes, and an equals sign before its value. Each has an environment variable:
            -tls-cert is WAFFLE_TLS_CERT. Flags win over variables, variables over the file, the file over
            defaults. Sizes are bytes, or such as 16KiB or 2GiB; durations are such as 250ms, 10s, 5m or 1h.
            The exit code is 0 after a stop, 1 if Waffle cannot start, 2 if something given is wrong.
            """;

    private static final String OPERATED =
            "A BACKEND is an id, or the beginning of one and no other. The exit code is 0 if all is well or"
                    + " was done, 1 if not, 2 if something given is wrong, 3 if nobody answers.";

    private Help() {}

    /** The help on a group of settings, on all, or, without a topic, on what one needs first; nothing if there is no such topic. */
    static Optional<String> on(String topic) {
        return switch (topic) {
            case "" ->
                Optional.of(FIRST.formatted(
                        words(Settings.commands().stream().map(Help::word)),
                        words(Operation.words().stream()),
                        words(groups())));
            case ALL -> Optional.of(all());
            default ->
                Arrays.stream(Setting.Group.values())
                        .filter(group -> group.word().equals(topic))
                        .findFirst()
                        .map(group -> section(group) + FOOT);
        };
    }

    /** What to say of a topic there is not. */
    static Problem unknown(String topic) {
        Origin origin = new Origin(Origin.Source.FLAG, Settings.all().indexOf(CommandSettings.HELP), "-help " + topic);
        List<String> topics = Stream.concat(groups(), Stream.of(ALL)).toList();
        return Problem.unknown(origin, "topic", topic, topics, "one of " + String.join(", ", topics));
    }

    /** A command as the first word of a command line. */
    static String word(Setting<?> command) {
        return command.flags().getFirst();
    }

    private static String all() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Setting.Group group : Setting.Group.values()) {
            text.append('\n').append(section(group));
        }
        return text.append(FOOT).toString();
    }

    private static String section(Setting.Group group) {
        StringBuilder text = new StringBuilder(group.heading()).append('\n');
        Settings.flagged(group).forEach(setting -> append(text, setting));
        if (group == Setting.Group.COMMANDS) {
            appendOperations(text);
        }
        return text.toString();
    }

    private static Stream<String> groups() {
        return Arrays.stream(Setting.Group.values()).map(Setting.Group::word);
    }

    private static String words(Stream<String> words) {
        StringBuilder text = new StringBuilder();
        wrap(text, words.collect(Collectors.joining(", ")), "  ");
        return text.toString().strip();
    }

    private static void append(StringBuilder text, Setting<?> setting) {
        String value =
                switch (setting.shape()) {
                    case ONE, MAP, PAIR, SHARES, ITEMS -> " " + setting.placeholder();
                    case LIST -> " " + setting.placeholder() + ",...";
                    case SWITCH -> setting.fallback().equals("true") ? "=false" : "";
                    case COMMAND -> "";
                };
        text.append("  ")
                .append(setting.flags().stream().map(flag -> "-" + flag + value).collect(Collectors.joining(", ")))
                .append(setting.repeatable() ? " ...\n" : "\n");
        wrap(text, setting.about().replace("`", "") + notes(setting), INDENT);
    }

    private static void appendOperations(StringBuilder text) {
        text.append(
                "\nTo a Waffle that runs, by its admin API: -admin and -admin-token-file, or -config, as that has them\n");
        for (Operation operation : Operation.values()) {
            text.append(("  waffle " + operation.word() + " " + operation.operands()).stripTrailing())
                    .append('\n');
            wrap(text, operation.about(), INDENT);
        }
        wrap(text, OPERATED, INDENT);
    }

    private static String notes(Setting<?> setting) {
        StringBuilder notes = new StringBuilder();
        if (!setting.fallback().isEmpty() && setting.shape() != Setting.Shape.COMMAND) {
            notes.append(" Default: ").append(setting.fallback()).append('.');
        }
        if (!setting.path().isEmpty()) {
            notes.append(" In YAML: ").append(setting.path()).append('.');
        }
        return notes.toString();
    }

    private static void wrap(StringBuilder text, String paragraph, String indent) {
        StringBuilder line = new StringBuilder();
        for (String word : Arrays.asList(paragraph.split("\\s+", -1))) {
            if (!line.isEmpty() && indent.length() + line.length() + 1 + word.length() > WIDTH) {
                text.append(indent).append(line).append('\n');
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        text.append(indent).append(line).append('\n');
    }
}
