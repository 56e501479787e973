// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import java.util.List;

/** A configured strategy cannot be had. Each of its errors is one line, fit for the user. */
public final class StrategyException extends Exception {

    private static final long serialVersionUID = 1;

    private final String[] errors;

    StrategyException(List<String> errors) {
        super(String.join("; ", errors));
        this.errors = errors.toArray(String[]::new);
    }

    /** What is wrong, all of it; never empty. */
    public List<String> errors() {
        return List.of(errors);
    }
}
