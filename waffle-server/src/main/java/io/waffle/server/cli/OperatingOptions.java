// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.server.config.CommandSettings;
import io.waffle.server.config.InvalidValue;
import io.waffle.server.config.OutputFormat;
import io.waffle.server.config.Problem;
import io.waffle.server.config.RawValue;
import io.waffle.server.config.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an {@link Operation} is to be done.
 *
 * @param operands what it is about
 * @param output how the answer is written
 * @param state in which state backends matter; empty for any
 * @param pool of which pool they are; empty for any
 * @param longest how long is waited; zero for not at all
 */
record OperatingOptions(
        List<String> operands, OutputFormat output, Optional<String> state, Optional<String> pool, Duration longest) {

    /** What a command line says; tells of what is wrong with it. */
    static OperatingOptions of(Arguments arguments, List<Problem> problems) {
        return new OperatingOptions(
                arguments.operands(),
                read(arguments, CommandSettings.OUTPUT, problems).orElse(OutputFormat.TEXT),
                read(arguments, CommandSettings.STATE, problems),
                read(arguments, CommandSettings.IN_POOL, problems),
                read(arguments, CommandSettings.WAIT, problems).orElse(Duration.ZERO));
    }

    /** The last that is given counts. */
    private static <T> Optional<T> read(Arguments arguments, Setting<T> setting, List<Problem> problems) {
        List<RawValue> given = arguments.given().getOrDefault(setting, List.of());
        if (given.isEmpty()) {
            return Optional.empty();
        }
        RawValue last = given.getLast();
        try {
            return Optional.of(setting.read(last.text()));
        } catch (InvalidValue e) {
            problems.add(Problem.of(last.origin(), last.text(), e.expected()));
            return Optional.empty();
        }
    }
}
