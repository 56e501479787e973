// SPDX-License-Identifier: Apache-2.0
package io.waffle.server;

import io.waffle.server.config.Setting;
import io.waffle.server.config.Settings;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The text of {@code -help}, from the table of settings. */
final class Help {

    private static final int WIDTH = 100;

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

    private Help() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Setting.Group group : Setting.Group.values()) {
            text.append('\n').append(group.heading()).append('\n');
            Settings.all().stream()
                    .filter(setting ->
                            setting.group() == group && !setting.flags().isEmpty())
                    .forEach(setting -> append(text, setting));
        }
        return text.append(FOOT).toString();
    }

    private static void append(StringBuilder text, Setting<?> setting) {
        String value =
                switch (setting.shape()) {
                    case ONE, MAP -> " " + setting.placeholder();
                    case LIST -> " " + setting.placeholder() + ",...";
                    case SWITCH -> setting.fallback().equals("true") ? "=false" : "";
                    case COMMAND -> "";
                };
        text.append("  ")
                .append(setting.flags().stream().map(flag -> "-" + flag + value).collect(Collectors.joining(", ")))
                .append(setting.repeatable() ? " ...\n" : "\n");
        wrap(text, setting.about().replace("`", "") + notes(setting), "      ");
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
