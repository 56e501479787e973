// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Active health checks.
 *
 * @param path what to ask for by HTTP; empty for no checks of that kind
 * @param host the {@code Host} field of a check; empty for the backend's own
 * @param body what the beginning of an answer has to contain; empty for anything
 * @param timeout of a check, all in all
 * @param rise checks in a row that bring a backend back
 * @param fall checks in a row that take a backend out
 * @param concurrency the most checks at once
 */
public record HealthConfig(
        Kind kind,
        Optional<String> path,
        String method,
        Optional<String> host,
        StatusRange statuses,
        Optional<String> body,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        int concurrency,
        boolean disabled) {

    /** What a check does. */
    public enum Kind {
        /** It sends a request and looks at the response. */
        HTTP,
        /** It connects. */
        TCP
    }

    /** Whether there are any checks. */
    public boolean active() {
        return !disabled && (kind == Kind.TCP || path.isPresent());
    }
}
