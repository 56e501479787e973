// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.LIMITS;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.util.List;

/** Settings: what is bounded; a part of the table {@link Settings}. */
public final class LimitSettings {

    static final SettingTable TABLE = new SettingTable(Scope.LISTENER);

    public static final Setting<Long> REQUEST_LINE = TABLE.add(new Setting<>(
            LIMITS,
            "limits.request_line",
            List.of("limit-request-line"),
            Shape.ONE,
            Forms.size("256", "60KiB"),
            "8KiB",
            """
            The longest request line; a longer one gets a 414. Not more than the head."""));

    public static final Setting<Long> HEAD = TABLE.add(new Setting<>(
            LIMITS, "limits.head", List.of("limit-head"), Shape.ONE, Forms.size("1KiB", "60KiB"), "32KiB", """
            The largest head of a request, which gets a 431 beyond it, or of a response, which becomes a 502."""));

    public static final Setting<Integer> FIELDS = TABLE.add(new Setting<>(
            LIMITS, "limits.fields", List.of("limit-fields"), Shape.ONE, Forms.count(10, 1_000), "100", """
            The most field lines in a head; beyond it as for the head."""));

    public static final Setting<Long> TRAILERS = TABLE.add(new Setting<>(
            LIMITS, "limits.trailers", List.of("limit-trailers"), Shape.ONE, Forms.size("1KiB", "60KiB"), "", """
            The most bytes of trailers behind a body, of as many fields as a head may have; by default as much as
            `limits.head`. A request with more gets a 431; of a response the rest of them is left out."""));

    public static final Setting<Long> REQUEST_BODY = TABLE.add(
            Scope.ROUTE,
            new Setting<>(
                    LIMITS,
                    "limits.request_body",
                    List.of("limit-request-body"),
                    Shape.ONE,
                    Forms.size("0", "1024TiB"),
                    "0",
                    """
            The largest request body; a larger one gets a 413. 0 is no bound: bodies are streamed, and held no further
            than `retry.body` says."""));

    public static final Setting<Integer> CONNECTIONS = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    LIMITS,
                    "limits.connections",
                    List.of("limit-connections"),
                    Shape.ONE,
                    Forms.count(0, 10_000_000),
                    "0",
                    """
            The most client connections at once; more wait to be accepted. 0 is as many as the file limit of the process
            allows."""));

    public static final Setting<Integer> BACKEND_IN_FLIGHT = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    LIMITS,
                    "limits.backend_in_flight",
                    List.of("limit-backend-in-flight"),
                    Shape.ONE,
                    Forms.count(0, 1_000_000),
                    "0",
                    """
            The most requests each backend is sent at once; more wait. A tunnel counts for as long as it is open. 0 is no
            bound."""));

    public static final Setting<Integer> QUEUE = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    LIMITS, "limits.queue", List.of("limit-queue"), Shape.ONE, Forms.count(0, 1_000_000), "1000", """
            The most requests that wait, first come, first served, while all backends have as many as they may; one more
            gets a 503 at once."""));

    public static final Setting<Integer> IDLE = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    LIMITS,
                    "limits.idle_backend_connections",
                    List.of("limit-idle-backend-connections"),
                    Shape.ONE,
                    Forms.count(0, 100_000),
                    "256",
                    """
            The most idle connections kept to each backend. 0 keeps none."""));

    public static final Setting<Long> MEMORY = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    LIMITS,
                    "limits.memory",
                    List.of("limit-memory"),
                    Shape.ONE,
                    Forms.sizeOrZero("4MiB", "1024TiB"),
                    "0",
                    """
            The most memory that traffic takes: connections, buffers, what is kept of bodies and logs. Near it idle clients
            are closed, then new ones wait, then requests get a 503. 0 is what heap, direct memory and container leave for
            it."""));

    public static final Setting<Integer> MIN_HEAD_RATE = TABLE.add(new Setting<>(
            LIMITS,
            "limits.min_head_rate",
            List.of("limit-min-head-rate"),
            Shape.ONE,
            Forms.count(0, 1_000_000_000),
            "240",
            """
            The least bytes a second at which the head of a request must come, on the average, once it has taken 5s; else
            it gets a 408, as past `timeouts.request_head`. 0 is no bound."""));

    public static final Setting<Integer> MIN_BODY_RATE = TABLE.add(
            Scope.ROUTE,
            new Setting<>(
                    LIMITS,
                    "limits.min_body_rate",
                    List.of("limit-min-body-rate"),
                    Shape.ONE,
                    Forms.count(0, 1_000_000_000),
                    "0",
                    """
            The least bytes a second at which a body must come and go, either way, on the average of the time its sender
            or its receiver was waited for, once that is 5s. Streams are quiet at times: 0 is no bound."""));

    private LimitSettings() {}
}
