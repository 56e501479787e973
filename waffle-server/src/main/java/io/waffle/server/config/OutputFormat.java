// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/** How commands write what they say. */
public enum OutputFormat {
    /** Columns for people. */
    TEXT,
    /** The same, and more of them. */
    WIDE,
    /** As the admin API has it. */
    JSON
}
