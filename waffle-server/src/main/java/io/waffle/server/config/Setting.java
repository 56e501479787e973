// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing a user can set: a row of the {@linkplain Settings table}.
 *
 * <p>The names follow one rule. The YAML path is {@code section.key}; the flag is the same in dashes, with the section in the singular and,
 * for what is typed most, in a shorter form; the variable is the flag in capitals and underscores after {@code WAFFLE_}.
 *
 * @param group under which heading the help shows it
 * @param path in the file; empty if a file cannot set it
 * @param flags without the dash, the first being the one that counts; empty if only a file can set it
 * @param shape how many values it takes
 * @param form of each value
 * @param fallback the default, written as a user would; empty for none
 * @param about what it means, its unit, what zero means: one paragraph
 * @param scope what it is about
 */
public record Setting<T>(
        Group group,
        String path,
        List<String> flags,
        Shape shape,
        Form<T> form,
        String fallback,
        String about,
        Scope scope) {

    /** What a setting is about, and so in which sections of a file it may stand besides the top, whose values those sections inherit. */
    public enum Scope {
        /** The process: at the top only, or where its path says. */
        PROCESS("nowhere"),
        /** A listener. */
        LISTENER("a listener"),
        /** A pool. */
        POOL("a pool"),
        /** A route. */
        ROUTE("a route");

        private final String words;

        Scope(String words) {
            this.words = words;
        }

        /** Where it may stand, too. */
        public String words() {
            return words;
        }
    }

    /** One of the process. */
    public Setting(
            Group group, String path, List<String> flags, Shape shape, Form<T> form, String fallback, String about) {
        this(group, path, flags, shape, form, fallback, about, Scope.PROCESS);
    }

    /** The same of another scope. */
    Setting<T> within(Scope other) {
        return new Setting<>(group, path, flags, shape, form, fallback, about, other);
    }

    /** The headings of the help, in its order. */
    public enum Group {
        TRAFFIC("Traffic"),
        STRATEGY("Strategy"),
        ROUTES("Routes"),
        STICKY("Sticky sessions"),
        TLS("TLS"),
        HEALTH("Health"),
        RETRIES("Retries"),
        FORWARDING("Forwarding"),
        LIMITS("Limits"),
        TIMEOUTS("Timeouts"),
        LOGGING("Logging"),
        ADMIN("Admin API"),
        COMMANDS("Commands and files");

        private final String heading;

        Group(String heading) {
            this.heading = heading;
        }

        public String heading() {
            return heading;
        }

        /** What it is called on the command line. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How many values a setting takes. */
    public enum Shape {
        /** One value. */
        ONE,
        /** One value; the flag alone means true. */
        SWITCH,
        /** What the command does, rather than how it is set: a flag and nothing else, which alone means true. */
        COMMAND,
        /** A YAML list; a flag, which may be repeated, and a variable separate values by commas. */
        LIST,
        /** A YAML mapping; a flag, which may be repeated, takes one {@code KEY=VALUE}, a variable several with commas between. */
        MAP,
        /** A flag alone, which may be repeated, of {@code KEY=VALUE}: a comma is a part of it. */
        PAIR,
        /** A YAML mapping of names to numbers, or one name. */
        SHARES,
        /** A YAML list of mappings. */
        ITEMS
    }

    /** A setting is itself and no other; what a record has for this by nature would be spun as code at each start, which takes 16 ms. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** The name of the variable. */
    public Optional<String> variable() {
        if (shape == Shape.COMMAND || shape == Shape.PAIR || flags.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("WAFFLE_" + flags.getFirst().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** What the user calls it who has set it nowhere. */
    public String name() {
        return flags.isEmpty() ? path : "-" + flags.getFirst();
    }

    /** Whether the flag may stand alone. */
    public boolean standsAlone() {
        return shape == Shape.SWITCH || shape == Shape.COMMAND;
    }

    /** Whether the flag may be given more than once. */
    public boolean repeatable() {
        return shape == Shape.LIST || shape == Shape.MAP || shape == Shape.PAIR;
    }

    /** What stands for a value in the help. */
    public String placeholder() {
        return form.placeholder();
    }

    /** What is allowed, in a few words. */
    public String range() {
        return form.range();
    }

    /** Reads a value that came through no source, by the form of this setting; a path in it is relative to the working directory. */
    public T read(String text) throws InvalidValue {
        return form.read(new RawValue(text, new Origin(Origin.Source.DEFAULT, 0, name()), Path.of("")));
    }

    /** The key within its section. */
    String key() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
