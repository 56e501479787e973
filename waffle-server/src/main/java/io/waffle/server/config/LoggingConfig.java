// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Locale;

/** What is logged, and how a line looks. */
public record LoggingConfig(Level level, Format format) {

    /** From loud to quiet. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARNING,
        ERROR,
        OFF
    }

    /** The look of a line. */
    public enum Format {
        TEXT,
        JSON
    }

    /** A constant as it is configured. */
    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
