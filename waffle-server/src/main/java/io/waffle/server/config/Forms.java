// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The forms of values that are not addresses. */
final class Forms {

    static final Form<Boolean> SWITCH = new Form<>("BOOLEAN", "true or false", given -> switch (given.text()) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new InvalidValue("true or false");
    });

    static final Form<Path> FILE = path("FILE");
    static final Form<Path> FOLDER = path("DIR");

    private static final Pattern NAMES = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** What strategies, listeners, pools and routes are called. */
    static final Form<String> NAME =
            matching("NAME", "lower-case letters, digits and dashes, beginning with a letter, at most 63", NAMES);

    static final Form<String> STRATEGY = new Form<>("NAME", NAME.range(), given -> {
        try {
            return NAME.read(given);
        } catch (InvalidValue e) {
            throw Synonyms.strategy(given.text())
                    .map(ours -> new InvalidValue(e.expected() + "; did you mean " + ours + "?"))
                    .orElse(e);
        }
    });

    static final Form<String> PROBE_PATH = matching(
            "PATH", "a path that begins with a slash, such as /healthz", Pattern.compile("/[\\x21-\\x7E&&[^#]]*"));

    static final Form<String> COOKIE = matching(
            "NAME",
            "a token (RFC 9110) of at most 128 characters, such as waffle",
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}"));

    static final Form<String> COOKIE_PATH = matching(
            "PATH",
            "a path that begins with a slash, at most 1024 characters without blanks and semicolons",
            Pattern.compile("/[\\x21-\\x7E&&[^;]]{0,1023}"));

    static final Form<StatusRange> STATUSES = new Form<>("STATUSES", "a status, or two with a dash between", given -> {
        if (given.text().matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
            int least = Integer.parseInt(given.text(), 0, 3, 10);
            int most = Integer.parseInt(
                    given.text(), given.text().length() - 3, given.text().length(), 10);
            if (least <= most) {
                return new StatusRange(least, most);
            }
        }
        throw new InvalidValue("a status, or two with a dash between, such as 204 or 200-399");
    });

    static final Form<String> METHOD = matching("METHOD", "GET, HEAD or OPTIONS", Pattern.compile("GET|HEAD|OPTIONS"));

    /** What a Host field says: kept as it is written. */
    static final Form<String> HOST = new Form<>("HOST", "a host name, and a port if need be", given -> {
        try {
            if (HostPort.parse(given.text()).host().isPresent()) {
                return given.text();
            }
        } catch (InvalidValue e) {
            // Falls through: one description of the whole says more than the part that is wrong.
        }
        throw new InvalidValue("a host name, and a port if need be");
    });

    /** What a certificate can be for, and TLS can ask for. */
    static final Form<String> SERVER_NAME = new Form<>("NAME", "a host name, no address", given -> {
        try {
            if (Host.parse(given.text()) instanceof Host.Name name) {
                return name.text();
            }
        } catch (InvalidValue e) {
            // Falls through: one description of the whole says more than the part that is wrong.
        }
        throw new InvalidValue("a host name, no address");
    });

    /** What names of servers fall under. */
    static final Form<String> SERVER_NAME_PATTERN =
            new Form<>("NAME", "a host name or *.NAME, no address", given -> ServerNamePatterns.parse(given.text()));

    static final Form<TlsPolicyConfig.Version> TLS_VERSION = new Form<>("VERSION", "1.2 or 1.3", given -> {
        String number = given.text().replaceFirst("(?i)^TLSv?", "");
        return Arrays.stream(TlsPolicyConfig.Version.values())
                .filter(version -> version.number().equals(number))
                .findFirst()
                .orElseThrow(() -> new InvalidValue("1.2 or 1.3"));
    });

    /** The name of a suite or group; which there are the provider knows. */
    static final Form<String> TLS_WORD = matching(
            "NAME", "a name of letters, digits, dashes and underscores", Pattern.compile("[A-Za-z0-9_-]{1,64}"));

    static final Form<String> OPTION =
            matching("KEY=VALUE", "KEY=VALUE", Pattern.compile("[^=\\s]+=.*", Pattern.DOTALL));

    /** What frames messages, or belongs to a hop, or is otherwise written by Waffle alone. */
    private static final String OWN_NAMES =
            "(?i:connection|content-length|date|expect|host|http2-settings|keep-alive|max-forwards|proxy-connection|te|trailer"
                    + "|transfer-encoding|upgrade)";

    private static final String FIELD_NAME = "(?!" + OWN_NAMES + "(=|$))[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}";

    static final Form<String> HEADER_NAME = matching(
            "NAME",
            "the name of a field that is not of the connection, nor frames or routes a message",
            Pattern.compile(FIELD_NAME));

    static final Form<String> HEADER = matching(
            "NAME=VALUE",
            "a field that is not of the connection, nor frames or routes a message, with a value of visible ASCII and blanks within",
            Pattern.compile(FIELD_NAME + "=([\\x21-\\x7E]([\\x20-\\x7E\\t]*[\\x21-\\x7E])?)?"));

    static final Form<String> ANY = matching("TEXT", "any text", Pattern.compile(".*", Pattern.DOTALL));

    static final Form<String> BACKEND_STATE = matching(
            "STATE",
            "trouble, up, down, ejected, slow-start or draining",
            Pattern.compile("trouble|up|down|ejected|slow-start|draining"));

    static final Form<Integer> SERVER_ERROR = new Form<>("STATUS", "500 to 599", given -> {
        if (!given.text().matches("5[0-9]{2}")) {
            throw new InvalidValue("statuses of 500 to 599");
        }
        return Integer.parseInt(given.text());
    });

    static final Form<AccessFormat> ACCESS_FORMAT = new Form<>(
            "PATTERN", "common, combined, json, or a text with variables", given -> AccessFormat.parse(given.text()));

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private Forms() {}

    static Form<Duration> duration(String least, String most) {
        Duration min = Durations.parse(least).orElseThrow();
        Duration max = Durations.parse(most).orElseThrow();
        String expected = "a duration of " + least + " to " + most + ", such as 250ms, 10s, 5m or 1h";
        return new Form<>("DURATION", least + " to " + most, given -> Durations.parse(given.text())
                .filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0)
                .orElseThrow(() -> new InvalidValue(expected)));
    }

    static Form<Long> size(String least, String most) {
        long min = Sizes.parse(least).orElseThrow();
        long max = Sizes.parse(most).orElseThrow();
        String expected = "a size of " + least + " to " + most + ", in bytes or such as 16KiB, 1MiB or 2GiB";
        return new Form<>("SIZE", least + " to " + most, given -> Sizes.parse(given.text())
                .filter(value -> value >= min && value <= max)
                .orElseThrow(() -> new InvalidValue(expected)));
    }

    /** A size that is a bound, or 0 for another one. */
    static Form<Long> sizeOrZero(String least, String most) {
        Form<Long> size = size(least, most);
        String range = "0, or " + size.range();
        return new Form<>(size.placeholder(), range, given -> {
            try {
                return given.text().equals("0") ? 0L : size.read(given);
            } catch (InvalidValue e) {
                throw new InvalidValue("0, or " + e.expected());
            }
        });
    }

    static Form<Integer> count(int least, int most) {
        String expected = "a whole number of " + least + " to " + most;
        return new Form<>("NUMBER", least + " to " + most, given -> {
            if (!NUMBER.matcher(given.text()).matches()) {
                throw new InvalidValue(expected);
            }
            int value = Integer.parseInt(given.text());
            if (value < least || value > most) {
                throw new InvalidValue(expected);
            }
            return value;
        });
    }

    static <E extends Enum<E>> Form<E> word(String placeholder, Class<E> type) {
        return word(placeholder, type, Map.of());
    }

    /** @param synonyms other words for some of them, which are taken and not told of */
    static <E extends Enum<E>> Form<E> word(String placeholder, Class<E> type, Map<String, String> synonyms) {
        String words = Arrays.stream(type.getEnumConstants())
                .map(LoggingConfig::written)
                .collect(Collectors.joining(", "));
        return new Form<>(placeholder, words, given -> {
            String word = given.text().toLowerCase(Locale.ROOT);
            String ours = synonyms.getOrDefault(word, word);
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> LoggingConfig.written(constant).equals(ours))
                    .findFirst()
                    .orElseThrow(() -> new InvalidValue("one of " + words));
        });
    }

    static boolean isName(String text) {
        return NAMES.matcher(text).matches();
    }

    static Form<String> matching(String placeholder, String expected, Pattern pattern) {
        return new Form<>(placeholder, expected, given -> {
            if (!pattern.matcher(given.text()).matches()) {
                throw new InvalidValue(expected);
            }
            return given.text();
        });
    }

    private static Form<Path> path(String placeholder) {
        return new Form<>(placeholder, "a path", given -> {
            try {
                if (!given.text().isEmpty()) {
                    return given.folder().resolve(given.text()).normalize();
                }
            } catch (InvalidPathException e) {
                // Falls through: no path, as if it were empty.
            }
            throw new InvalidValue("a path");
        });
    }
}
