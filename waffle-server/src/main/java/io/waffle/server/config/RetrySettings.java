// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.RETRIES;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.List;

/** Settings: trying again; a part of the table {@link Settings}. */
public final class RetrySettings {

    static final SettingTable TABLE = new SettingTable(Scope.ROUTE);

    public static final Setting<Integer> ATTEMPTS = TABLE.add(new Setting<>(
            RETRIES, "retry.attempts", List.of("retry-attempts"), Shape.ONE, Forms.count(1, 100), "3", """
            How many backends are tried in all for a request that was sent, if one breaks the connection or sends no valid
            response: never once a response has begun, only with a method that is idempotent, and only with a body of which
            nothing is lost (`retry.body`). 1 is no repetition.
            As long as none could be connected to, nothing was sent, and the next one is tried anyway."""));

    public static final Setting<Integer> STATUSES = TABLE.add(new Setting<>(
            RETRIES, "retry.statuses", List.of("retry-statuses"), Shape.LIST, Forms.SERVER_ERROR, "", """
            Statuses of a backend that are taken for a failure, too, such as 502, 503 and 504, as long as there is another
            backend to try."""));

    public static final Setting<Boolean> NON_IDEMPOTENT = TABLE.add(new Setting<>(
            RETRIES,
            "retry.non_idempotent",
            List.of("retry-non-idempotent"),
            Shape.SWITCH,
            Forms.SWITCH,
            "false",
            """
            Whether POST, PATCH and the like are repeated as well: only for backends that can take a request twice."""));

    public static final Setting<Integer> BUDGET = TABLE.add(new Setting<>(
            RETRIES,
            "retry.budget_percent",
            List.of("retry-budget-percent"),
            Shape.ONE,
            Forms.count(0, 100),
            "20",
            """
            The repetitions there may be for a hundred requests, so that an outage is not made worse; some are always
            saved up for a sudden one."""));

    public static final Setting<Boolean> ON_TIMEOUT = TABLE.add(new Setting<>(
            RETRIES, "retry.on_timeout", List.of("retry-on-timeout"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether a backend that has not answered within `timeouts.first_byte` is followed by another, as one that broke the
            connection is. That deadline is one for each backend then, and `timeouts.request` one for all."""));

    public static final Setting<Long> BODY = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    RETRIES, "retry.body", List.of("retry-body"), Shape.ONE, Forms.size("0", "1024TiB"), "64KiB", """
            How much of a request body, as it comes, is kept so that the request can be repeated; one with a larger body is
            repeated only as long as nothing of it was sent. 0 keeps nothing but what came with the head. Up to the default
            it costs nothing: so much is in a buffer anyway."""));

    public static final Setting<Long> BODY_MEMORY = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    RETRIES,
                    "retry.body_memory",
                    List.of("retry-body-memory"),
                    Shape.ONE,
                    Forms.size("0", "1GiB"),
                    "64KiB",
                    """
            How much of that is kept in memory, besides the buffer it is read into. What goes beyond is written to a file that
            has no name any more when it is open; there are at most 64 such files at once."""));

    public static final Setting<Path> BODY_FOLDER = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    RETRIES, "retry.body_folder", List.of("retry-body-folder"), Shape.ONE, Forms.FOLDER, "", """
            Where those files are, by default in the folder of the system for such, which may be memory, too."""));

    public static final Setting<RetryConfig.Reuse> REUSE = TABLE.add(new Setting<>(
            RETRIES,
            "retry.reuse",
            List.of("retry-reuse"),
            Shape.ONE,
            Forms.word("REUSE", RetryConfig.Reuse.class),
            "safe",
            """
            Which connections to a backend are used again for a request that may not be repeated: `safe` takes one only if it
            is seen to be open at that moment, which costs such a request a system call, and none to a backend that has lately
            closed one right behind an answer without having said so; `always` takes any that others would."""));

    private RetrySettings() {}
}
