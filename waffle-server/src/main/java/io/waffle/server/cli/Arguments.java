// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.server.config.BackendSettings;
import io.waffle.server.config.CommandSettings;
import io.waffle.server.config.Nearest;
import io.waffle.server.config.Origin;
import io.waffle.server.config.Problem;
import io.waffle.server.config.RawValue;
import io.waffle.server.config.RouteSettings;
import io.waffle.server.config.Setting;
import io.waffle.server.config.Settings;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a command line gives, before anything is made of the values.
 *
 * @param given by setting, in the order of the command line; nothing for a flag that lacks its value
 * @param operation what is asked of a Waffle that runs, if that is
 * @param operands what it is asked about
 */
record Arguments(
        Map<Setting<?>, List<RawValue>> given,
        Optional<Operation> operation,
        List<String> operands,
        List<Problem> problems) {

    /** Past any setting: what is not known comes after what is. */
    private static final int UNKNOWN = 1_000_000;

    private static final List<String> BOOLEANS = List.of("true", "false");

    /** What the demo says itself. */
    private static final List<Setting<?>> OWN =
            List.of(BackendSettings.BACKENDS, BackendSettings.POOLS, RouteSettings.ROUTES_FLAG, CommandSettings.CONFIG);

    private static final List<Setting<?>> OF_OPERATIONS =
            List.of(CommandSettings.OUTPUT, CommandSettings.STATE, CommandSettings.IN_POOL, CommandSettings.WAIT);

    private static final Pattern WEIGHT = Pattern.compile("[0-9]{1,5}");

    private static final Map<String, Setting<?>> FLAGS = new LinkedHashMap<>();

    static {
        Settings.all().forEach(setting -> setting.flags().forEach(flag -> FLAGS.put(flag, setting)));
    }

    /** What is a command may stand without its dash, as the first word: {@code waffle help}. Flags have one dash, as in {@code -listen :8080}; two work as well, and so does an equals sign. */
    static Arguments parse(List<String> args, Path folder) {
        Deque<String> words = new ArrayDeque<>(args);
        String first = words.peek();
        Optional<Operation> operation = Operation.named(first);
        Arguments arguments = new Arguments(new HashMap<>(), operation, new ArrayList<>(), new ArrayList<>());
        if (operation.isPresent()) {
            words.remove();
        } else if (isCommand(first)) {
            words.push("-" + words.remove());
        } else if (first != null && !isFlag(first)) {
            arguments.complainOfCommand(words.remove());
        }
        while (!words.isEmpty()) {
            arguments.take(words, folder);
        }
        arguments.complainOfCommands();
        arguments.complainOfOperation();
        return arguments;
    }

    private static boolean isCommand(@Nullable String word) {
        Setting<?> setting = word == null ? null : FLAGS.get(word);
        return setting != null && setting.shape() == Setting.Shape.COMMAND;
    }

    /** Whether the command line asks for this. */
    boolean has(Setting<Boolean> command) {
        return given.getOrDefault(command, List.of()).stream()
                .anyMatch(value -> value.text().equals("true"));
    }

    /** What to help with, empty for what one needs first; nothing if no help is wanted. */
    Optional<String> helpTopic() {
        return given.getOrDefault(CommandSettings.HELP, List.of()).stream()
                .map(RawValue::text)
                .filter(text -> !text.equals("false"))
                .map(text -> text.equals("true") ? "" : text)
                .findFirst();
    }

    /** The same by the configuration of the demo. */
    Arguments withDemo(Path file) {
        List<Problem> all = new ArrayList<>(problems);
        Origin demo = Origin.flag(Settings.all().indexOf(CommandSettings.DEMO), "demo");
        OWN.stream()
                .filter(given::containsKey)
                .forEach(setting -> all.add(Problem.of(
                        demo,
                        "given with " + setting.name(),
                        "one of the two: the demo has its own backends, pools and routes")));
        Map<Setting<?>, List<RawValue>> changed = new HashMap<>(given);
        OWN.forEach(changed::remove);
        changed.put(CommandSettings.CONFIG, List.of(new RawValue(file.toString(), demo, Path.of(""))));
        return new Arguments(changed, operation, operands, all);
    }

    /** The same, for a command that needs no backends and is not to complain that there are none. */
    Arguments withSomeBackend() {
        Map<Setting<?>, List<RawValue>> changed = new HashMap<>(given);
        Origin nowhere = Origin.flag(Settings.all().indexOf(BackendSettings.BACKENDS), "backends");
        changed.putIfAbsent(BackendSettings.BACKENDS, List.of(new RawValue("http://localhost", nowhere, Path.of(""))));
        return new Arguments(changed, operation, operands, problems);
    }

    /** Takes one flag and its value, or complains of what is none. */
    private void take(Deque<String> words, Path folder) {
        String word = words.remove();
        String name = name(word);
        Setting<?> setting = FLAGS.get(name);
        if (setting == null && operation.isPresent() && !isFlag(word)) {
            operands.add(word);
            return;
        }
        if (setting == null) {
            complainOfUnknown(word, name, words);
            return;
        }
        Origin origin = Origin.flag(Settings.all().indexOf(setting), name);
        String value = word.contains("=") ? word.substring(word.indexOf('=') + 1) : valueBehind(setting, words);
        if (value == null) {
            problems.add(Problem.of(origin, "no value", setting.placeholder() + ", " + setting.range()));
            given.putIfAbsent(setting, new ArrayList<>());
        } else {
            given.computeIfAbsent(setting, ignored -> new ArrayList<>()).add(new RawValue(value, origin, folder));
        }
    }

    /** The name of the flag this word is, without dashes and value; empty if it is no flag. */
    private static String name(String word) {
        if (!isFlag(word)) {
            return "";
        }
        String name = word.substring(word.startsWith("--") ? 2 : 1);
        return name.contains("=") ? name.substring(0, name.indexOf('=')) : name;
    }

    /** A flag that may stand alone takes the word behind it only if that is a value: "-check config.yaml" is a slip. Help may have any topic. */
    private static @Nullable String valueBehind(Setting<?> setting, Deque<String> words) {
        boolean more = !words.isEmpty() && !isFlag(words.peek());
        if (setting.equals(CommandSettings.HELP)) {
            return more ? words.remove() : "true";
        }
        if (setting.standsAlone()) {
            return !words.isEmpty() && BOOLEANS.contains(words.peek()) ? words.remove() : "true";
        }
        return more ? words.remove() : null;
    }

    /** A flag is never the value of the flag before it. "-5s" is a value, if a wrong one; another that begins with a dash goes behind an equals sign. */
    private static boolean isFlag(String word) {
        return word.startsWith("-") && word.length() > 1 && !Character.isDigit(word.charAt(1));
    }

    /** The word behind an unknown flag was meant as its value. */
    private void complainOfUnknown(String word, String name, Deque<String> words) {
        if (!isFlag(word)) {
            Origin origin = new Origin(Origin.Source.FLAG, UNKNOWN, "command line");
            problems.add(Problem.of(origin, word, "flags and their values only, such as -listen :8080"));
            return;
        }
        boolean dashesOnly = name.isEmpty();
        List<String> known = dashesOnly
                ? List.of()
                : FLAGS.keySet().stream().map(flag -> "-" + flag).toList();
        String said = dashesOnly ? word : "-" + name;
        Origin origin = new Origin(Origin.Source.FLAG, UNKNOWN, said);
        problems.add(Problem.unknown(origin, "flag", said, known, "one of those -help all lists"));
        Nearest.to(said, known)
                .map(near -> FLAGS.get(near.substring(1)))
                .ifPresent(meant -> given.putIfAbsent(meant, new ArrayList<>())); // one mistake, one line
        if (!word.contains("=") && !words.isEmpty() && !isFlag(words.peek())) {
            words.remove();
        }
    }

    /** What stands first and is no flag was meant as a command. */
    private void complainOfCommand(String word) {
        List<String> commands = Stream.concat(Settings.commands().stream().map(Help::word), Operation.words().stream())
                .toList();
        Origin origin = new Origin(Origin.Source.FLAG, UNKNOWN, "command line: " + word);
        String known = "one of " + String.join(", ", commands) + ", or flags, such as -listen :8080";
        problems.add(Problem.unknown(origin, "command", word, commands, known));
        given.putIfAbsent(BackendSettings.BACKENDS, new ArrayList<>()); // one mistake, one line
    }

    /** An operation has operands of its own, and the flags that are about operations. */
    private void complainOfOperation() {
        if (operation.isEmpty()) {
            OF_OPERATIONS.forEach(setting -> given.getOrDefault(setting, List.of())
                    .forEach(value -> problems.add(Problem.of(
                            value.origin(),
                            value.text(),
                            "one of " + String.join(", ", Operation.words()) + " as the first word"))));
            return;
        }
        Operation asked = operation.get();
        if (!asked.takes(operands.size())) {
            Origin origin = new Origin(Origin.Source.FLAG, UNKNOWN, "waffle " + asked.word());
            String said = operands.isEmpty() ? "nothing" : String.join(" ", operands);
            problems.add(Problem.of(origin, said, asked.operands().isEmpty() ? "nothing behind it" : asked.operands()));
        } else if (asked == Operation.WEIGHT
                && !WEIGHT.matcher(operands.getLast()).matches()) {
            Origin origin = new Origin(Origin.Source.FLAG, UNKNOWN, "waffle weight");
            problems.add(Problem.of(origin, operands.getLast(), "a whole number of 0 to 65535"));
        }
    }

    private void complainOfCommands() {
        given.forEach((setting, values) -> values.stream()
                .filter(value -> setting.shape() == Setting.Shape.COMMAND)
                .filter(value -> !BOOLEANS.contains(value.text()))
                .forEach(value -> problems.add(Problem.of(value.origin(), value.text(), setting.range()))));
    }
}
