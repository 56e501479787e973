// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked of a Waffle that runs, by its admin API: the first word of a command line. */
enum Operation {
    STATUS("", "Says how it is: its pools, and the backends that are in trouble. Exits with 1 if any is."),
    BACKENDS(
            "[PART]...",
            "Lists its backends, all or those whose ids have one of these parts; with -state STATE those in a state."),
    ROUTES("[NAME]", "Lists its routes, in the order in which they win."),
    DRAIN("BACKEND", "Gives a backend no new request; with -wait DURATION waits until it has none."),
    UNDRAIN("BACKEND", "Takes it back."),
    WEIGHT("BACKEND WEIGHT", "Gives it another weight, 0 to 65535.");

    private final String operands;
    private final String about;

    Operation(String operands, String about) {
        this.operands = operands;
        this.about = about;
    }

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What follows it, as the help has it. */
    String operands() {
        return operands;
    }

    String about() {
        return about;
    }

    /** Whether it goes on with so many operands. */
    boolean takes(int count) {
        return switch (this) {
            case STATUS -> count == 0;
            case BACKENDS -> true;
            case ROUTES -> count <= 1;
            case DRAIN, UNDRAIN -> count == 1;
            case WEIGHT -> count == 2;
        };
    }

    /** The one of that word, if there is one. */
    static Optional<Operation> named(@Nullable String word) {
        return Arrays.stream(values())
                .filter(operation -> operation.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Operation::word).toList();
    }
}
