// SPDX-License-Identifier: Apache-2.0
package io.waffle.server;

import io.waffle.server.config.Given;
import io.waffle.server.config.Origin;
import io.waffle.server.config.Problem;
import io.waffle.server.config.Setting;
import io.waffle.server.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What a command line gives, before anything is made of the values.
 *
 * @param given by setting, in the order of the command line
 */
record Arguments(Map<Setting<?>, List<Given>> given, List<Problem> problems) {

    /** Past any setting: what is not known comes after what is. */
    private static final int UNKNOWN = 1_000_000;

    /** Flags have one dash, as in {@code -listen :8080}; two work as well, and so does an equals sign. */
    static Arguments parse(List<String> args, Path folder) {
        CommandLine command = new CommandLine(spec()).setExpandAtFiles(false).setInterpolateVariables(false);
        ParseResult result = command.parseArgs(args.toArray(String[]::new));
        Map<Setting<?>, List<Given>> given = new HashMap<>();
        for (Setting<?> setting : Settings.all()) {
            for (String flag : setting.flags()) {
                Origin origin = Origin.flag(Settings.all().indexOf(setting), flag);
                List<String> values = result.matchedOptionValue("-" + flag, List.of());
                values.forEach(value -> given.computeIfAbsent(setting, ignored -> new ArrayList<>())
                        .add(new Given(value, origin, folder)));
            }
        }
        Arguments arguments = new Arguments(given, new ArrayList<>());
        arguments.complainOfMissing(result);
        arguments.complainOfUnknown(result.unmatched());
        arguments.complainOfCommands();
        return arguments;
    }

    /** Whether the command line asks for this. */
    boolean has(Setting<Boolean> command) {
        return given.getOrDefault(command, List.of()).stream()
                .anyMatch(value -> value.text().equals("true"));
    }

    /** The same, balancing over these. */
    Arguments withBackends(List<String> urls) {
        List<Problem> all = new ArrayList<>(problems);
        Origin demo = Origin.flag(Settings.all().indexOf(Settings.DEMO), "demo");
        if (given.containsKey(Settings.BACKENDS)) {
            all.add(Problem.of(
                    demo, "given with " + Settings.BACKENDS.name(), "one of the two: the demo has its own backends"));
        }
        Map<Setting<?>, List<Given>> changed = new HashMap<>(given);
        changed.put(
                Settings.BACKENDS,
                urls.stream().map(url -> new Given(url, demo, Path.of(""))).toList());
        return new Arguments(changed, all);
    }

    private static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("waffle");
        spec.parser()
                .collectErrors(true)
                .posixClusteredShortOptionsAllowed(false)
                .allowOptionsAsOptionParameters(false)
                .unmatchedArgumentsAllowed(true)
                .trimQuotes(false);
        Settings.all().forEach(setting -> setting.flags().forEach(flag -> spec.addOption(option(setting, flag))));
        return spec;
    }

    /** Each option collects whatever it is given: how often it may be, and what it means, is for the table to say. */
    private static OptionSpec option(Setting<?> setting, String flag) {
        OptionSpec.Builder builder = OptionSpec.builder("-" + flag, "--" + flag)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1");
        if (setting.standsAlone()) {
            // A flag that may stand alone takes the word behind it only if that is a value: "-check config.yaml" is a
            // slip.
            builder.arity("0..1").fallbackValue("true").preprocessor((rest, command, option, info) -> {
                boolean attached = "=".equals(info.get("separator"));
                if (!attached && (rest.isEmpty() || !List.of("true", "false").contains(rest.peek()))) {
                    rest.push("true");
                }
                return false;
            });
        }
        return builder.build();
    }

    private void complainOfMissing(ParseResult result) {
        for (Exception error : result.errors()) {
            if (error instanceof MissingParameterException missing
                    && !missing.getMissing().isEmpty()) {
                String name = ((OptionSpec) missing.getMissing().getFirst()).names()[0].substring(1);
                Settings.all().stream()
                        .filter(setting -> setting.flags().contains(name))
                        .forEach(setting -> problems.add(Problem.of(
                                Origin.flag(Settings.all().indexOf(setting), name),
                                "no value",
                                setting.placeholder() + ", " + setting.range())));
            } else {
                problems.add(new Problem(Origin.flag(UNKNOWN, "help"), String.valueOf(error.getMessage())));
            }
        }
    }

    private void complainOfUnknown(List<String> words) {
        List<String> known = Settings.all().stream()
                .flatMap(setting -> setting.flags().stream())
                .map(flag -> "-" + flag)
                .toList();
        boolean afterFlag = false;
        for (String word : words) {
            boolean flag = word.startsWith("-");
            if (flag) {
                String name = word.replaceFirst("^--", "-").replaceFirst("=.*", "");
                Origin origin = new Origin(Origin.Door.FLAG, UNKNOWN, name);
                problems.add(Problem.unknown(origin, "flag", name, known, "one of those -help lists"));
            } else if (!afterFlag) {
                Origin origin = new Origin(Origin.Door.FLAG, UNKNOWN, "command line");
                problems.add(Problem.of(origin, word, "flags and their values only, such as -listen :8080"));
            }
            // The word behind an unknown flag was meant as its value.
            afterFlag = flag && !word.contains("=");
        }
    }

    private void complainOfCommands() {
        given.forEach((setting, values) -> values.stream()
                .filter(value -> setting.shape() == Setting.Shape.COMMAND)
                .filter(value -> !List.of("true", "false").contains(value.text()))
                .forEach(value -> problems.add(Problem.of(value.origin(), value.text(), setting.range()))));
    }
}
