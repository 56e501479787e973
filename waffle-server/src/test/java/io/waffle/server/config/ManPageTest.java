// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The manual page of the distribution, waffle(1), has the table of settings and nothing else. */
final class ManPageTest {

    private static final Path PAGE =
            Path.of("..", "waffle-dist", "src", "main", "dist", "share", "man", "man1", "waffle.1");

    private static final String HEAD = """
            .\\" Written by ManPageTest from the table of settings.
            .TH WAFFLE 1
            .SH NAME
            waffle \\- HTTP load balancer
            .SH SYNOPSIS
            .B waffle
            \\-backends URL,URL... [FLAG VALUE]...
            .br
            .B waffle
            \\-config FILE
            .br
            .B waffle
            \\-demo
            .br
            .B waffle
            COMMAND [OPERAND]... [FLAG VALUE]...
            .SH DESCRIPTION
            Waffle listens for HTTP/1.1 and passes each request on to one of several backends, which a strategy chooses. Each flag has a variable of the
            environment and, where one is named, a key of the file; flags win over variables, these over the file. Sizes are bytes, or such as 16KiB
            or 2GiB; durations such as 250ms, 10s, 5m or 1h.
            .PP
            The commands status, backends, routes, drain, undrain and weight are for a Waffle that runs; waffle \\-help commands says what they do.
            """;

    private static final String FOOT = """
            .SH SIGNALS
            TERM, INT and QUIT stop accepting, let requests in flight end, and exit with 0. HUP has the configuration read anew. USR1 has log files opened anew.
            .SH EXIT STATUS
            0 after a stop, 1 if Waffle cannot start or does not do what it is asked for, 2 if something given is wrong, 3 if no Waffle is there to be asked.
            .SH EXAMPLES
            .nf
            waffle \\-listen :8080 \\-backends http://app1:3000,http://app2:3000 \\-lb\\-strategy least\\-connections
            waffle \\-check \\-config /etc/waffle.yaml
            .fi
            .SH SEE ALSO
            The folder
            .I docs
            beside
            .IR bin .
            """;

    /** With {@code -Dwaffle.write.docs=true} it writes the page. */
    @Test
    void thePageFollowsFromTheTable() throws IOException {
        if (Boolean.getBoolean("waffle.write.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page());
        }
        assertEquals(
                page(),
                Files.readString(PAGE),
                "this writes it: mvn -o -pl waffle-server -am test -Dtest=ManPageTest -Dwaffle.write.docs=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }

    private static String page() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Setting.Group group : Setting.Group.values()) {
            text.append(".SH ").append(group.heading().toUpperCase(Locale.ROOT)).append('\n');
            Settings.flagged(group).forEach(setting -> append(text, setting));
        }
        return text.append(FOOT).toString();
    }

    private static void append(StringBuilder text, Setting<?> setting) {
        String flags = setting.flags().stream().map(flag -> "-" + flag).collect(Collectors.joining(", "));
        boolean valued = setting.shape() != Setting.Shape.COMMAND && setting.shape() != Setting.Shape.SWITCH;
        text.append(".TP\n\\fB").append(escaped(flags)).append("\\fR");
        text.append(valued ? " \\fI" + escaped(setting.placeholder()) + "\\fR\n" : "\n");
        text.append(marked(setting.about())).append('\n');
        if (!setting.fallback().isEmpty() && setting.shape() != Setting.Shape.COMMAND) {
            text.append("Default: ").append(escaped(setting.fallback())).append(".\n");
        }
        if (!setting.path().isEmpty()) {
            text.append("In the file: ").append(escaped(setting.path())).append(".\n");
        }
    }

    /** What is between backticks is bold. */
    private static String marked(String about) {
        return escaped(about).replaceAll("`([^`]*)`", "\\\\fB$1\\\\fR");
    }

    /** As roff(7) takes it; a line that begins with a dot or a quote would be a request. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
    }
}
