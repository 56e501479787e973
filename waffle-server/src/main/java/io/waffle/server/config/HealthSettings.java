// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.HEALTH;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.time.Duration;
import java.util.List;

/** Settings: active checks, ejection, and slow start; a part of the table {@link Settings}. */
public final class HealthSettings {

    static final SettingTable TABLE = new SettingTable(Scope.POOL);

    public static final Setting<String> PATH = TABLE.add(new Setting<>(
            HEALTH, "health_checking.path", List.of("health-check-path"), Shape.ONE, Forms.PROBE_PATH, "", """
            What to ask each backend for to see if it is well. Without it there are no active checks, but for those that
            only connect."""));

    public static final Setting<HealthConfig.Kind> KIND = TABLE.add(new Setting<>(
            HEALTH,
            "health_checking.kind",
            List.of("health-check-kind"),
            Shape.ONE,
            Forms.word("KIND", HealthConfig.Kind.class),
            "http",
            """
            What a check does: `http` sends a request for the path, over TLS to an `https` backend; `tcp` only connects."""));

    public static final Setting<String> METHOD = TABLE.add(new Setting<>(
            HEALTH, "health_checking.method", List.of("health-check-method"), Shape.ONE, Forms.METHOD, "GET", """
            The method of a check."""));

    public static final Setting<String> HOST = TABLE.add(new Setting<>(
            HEALTH, "health_checking.host", List.of("health-check-host"), Shape.ONE, Forms.HOST, "", """
            The Host a check asks for; by default the backend's own host and port."""));

    public static final Setting<StatusRange> STATUSES = TABLE.add(new Setting<>(
            HEALTH,
            "health_checking.statuses",
            List.of("health-check-statuses"),
            Shape.ONE,
            Forms.STATUSES,
            "200-399",
            """
            The statuses of a backend that is well."""));

    public static final Setting<String> BODY = TABLE.add(
            new Setting<>(HEALTH, "health_checking.body", List.of("health-check-body"), Shape.ONE, Forms.ANY, "", """
            What the answer of a backend that is well contains, within its first 64 KiB. By default anything."""));

    public static final Setting<Integer> RISE = TABLE.add(new Setting<>(
            HEALTH, "health_checking.rise", List.of("health-check-rise"), Shape.ONE, Forms.count(1, 1_000), "2", """
            So many good checks in a row bring a backend back."""));

    public static final Setting<Integer> FALL = TABLE.add(new Setting<>(
            HEALTH, "health_checking.fall", List.of("health-check-fall"), Shape.ONE, Forms.count(1, 1_000), "3", """
            So many bad checks in a row take a backend out."""));

    public static final Setting<Integer> CONCURRENCY = TABLE.add(new Setting<>(
            HEALTH,
            "health_checking.concurrency",
            List.of("health-check-concurrency"),
            Shape.ONE,
            Forms.count(1, 10_000),
            "32",
            """
            The most checks at once; more wait for their turn."""));

    public static final Setting<Duration> INTERVAL = TABLE.add(new Setting<>(
            HEALTH,
            "health_checking.interval",
            List.of("health-check-interval"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "10s",
            """
            The time from one check of a backend to the next, give or take a tenth."""));

    public static final Setting<Duration> TIMEOUT = TABLE.add(new Setting<>(
            HEALTH,
            "health_checking.timeout",
            List.of("health-check-timeout"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "2s",
            """
            How long a check may take, all in all."""));

    public static final Setting<Boolean> DISABLED = TABLE.add(new Setting<>(
            HEALTH,
            "health_checking.disabled",
            List.of("disable-health-check"),
            Shape.SWITCH,
            Forms.SWITCH,
            "false",
            """
            Switches active checks off although there is a path."""));

    public static final Setting<Boolean> EJECTION_DISABLED = TABLE.add(new Setting<>(
            HEALTH, "ejection.disabled", List.of("disable-ejection"), Shape.SWITCH, Forms.SWITCH, "false", """
            Switches ejection off: otherwise a backend whose requests fail is left out for a while. What a client does
            wrong, and a client that leaves, is never held against a backend."""));

    public static final Setting<Integer> EJECTION_FAILURES = TABLE.add(new Setting<>(
            HEALTH, "ejection.failures", List.of("ejection-failures"), Shape.ONE, Forms.count(1, 1_000), "5", """
            So many failures in a row eject a backend: no connection, no answer in time, a broken one, or one of
            `statuses`. One that is back on probation gets three requests at once, until one succeeds: a failure ejects it
            again."""));

    public static final Setting<Integer> EJECTION_STATUSES = TABLE.add(new Setting<>(
            HEALTH,
            "ejection.statuses",
            List.of("ejection-statuses"),
            Shape.LIST,
            Forms.SERVER_ERROR,
            "502, 503, 504",
            """
            Statuses that are a failure of the backend, whoever asks and for what. Others from 500 on, but for 501 and
            505, may be the fault of a page or of a client: they eject a backend when there are `volume` of them in a row
            or they are `failure_percent` of its requests, if that is at least twice the part of the other backends, and
            not one client alone out of several gets them."""));

    public static final Setting<Integer> EJECTION_PERCENT = TABLE.add(new Setting<>(
            HEALTH,
            "ejection.failure_percent",
            List.of("ejection-failure-percent"),
            Shape.ONE,
            Forms.count(1, 100),
            "50",
            """
            So large a part of its requests failing ejects a backend, too, counted from a failure on for `window`, once
            there are `volume` of them."""));

    public static final Setting<Integer> EJECTION_VOLUME = TABLE.add(new Setting<>(
            HEALTH, "ejection.volume", List.of("ejection-volume"), Shape.ONE, Forms.count(1, 1_000_000), "20", """
            The fewest requests a part is taken of, and the most in a row that may fail by a status that is not one of
            `statuses`."""));

    public static final Setting<Duration> EJECTION_WINDOW = TABLE.add(new Setting<>(
            HEALTH,
            "ejection.window",
            List.of("ejection-window"),
            Shape.ONE,
            Forms.duration("100ms", "1h"),
            "10s",
            """
            The time for which requests and failures are counted together."""));

    public static final Setting<Duration> EJECTION_TIME = TABLE.add(new Setting<>(
            HEALTH, "ejection.time", List.of("ejection-time"), Shape.ONE, Forms.duration("10ms", "24h"), "10s", """
            How long a backend is left out the first time; twice as long each time its probation fails. `rise` checks in a
            row that pass end it sooner, and what it has grown to. A backend that is left out is still asked before a
            request fails."""));

    public static final Setting<Duration> EJECTION_MAX_TIME = TABLE.add(new Setting<>(
            HEALTH,
            "ejection.max_time",
            List.of("ejection-max-time"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "5m",
            """
            The longest it is left out."""));

    public static final Setting<Integer> EJECTION_MAX_PERCENT = TABLE.add(new Setting<>(
            HEALTH,
            "ejection.max_percent",
            List.of("ejection-max-percent"),
            Shape.ONE,
            Forms.count(0, 100),
            "50",
            """
            The largest part of the backends that is left out at once, rounded up; the last one that is in service never
            is, so a single backend is not either."""));

    public static final Setting<Duration> SLOW_START = TABLE.add(new Setting<>(
            HEALTH, "slow_start", List.of("slow-start"), Shape.ONE, Forms.duration("0s", "24h"), "0s", """
            How long a backend that comes back takes to get its whole share, from a tenth on, so that it can warm up. 0s
            is at once."""));

    public static final Setting<EjectionConfig.AllDown> ALL_DOWN = TABLE.add(new Setting<>(
            HEALTH,
            "all_down",
            List.of("all-down"),
            Shape.ONE,
            Forms.word("POLICY", EjectionConfig.AllDown.class),
            "fail",
            """
            What is done when checks hold down every backend there is for a request: `fail` answers 503, `try_all` balances
            over them as if they were well. Before that, those that are ejected are asked, the one that was left out the
            longest first."""));

    private HealthSettings() {}
}
