// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.LIMITS;
import static io.waffle.server.config.Setting.Group.ROUTES;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings: what else a route does with its requests, whatever answers them; a part of the table {@link Settings}. */
public final class RoutePolicySettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<Boolean> MAINTENANCE =
            TABLE.add(new Setting<>(ROUTES, "routes[].maintenance", List.of(), Shape.ONE, Forms.SWITCH, "false", """
            Whether the route is closed: then its requests get a 503. Short for the next one, without any of the others."""));

    public static final Setting<Boolean> MAINTENANCE_ENABLED = TABLE.add(
            new Setting<>(ROUTES, "routes[].maintenance.enabled", List.of(), Shape.ONE, Forms.SWITCH, "false", """
            The same, where more is said of it, which holds also when the admin API closes the route."""));

    public static final Setting<Duration> MAINTENANCE_RETRY_AFTER = TABLE.add(new Setting<>(
            ROUTES,
            "routes[].maintenance.retry_after",
            List.of(),
            Shape.ONE,
            Forms.duration("1s", "9600h"),
            "60s",
            """
            After what time clients are told to come back (`Retry-After`, in whole seconds)."""));

    public static final Setting<Path> MAINTENANCE_FILE =
            TABLE.add(new Setting<>(ROUTES, "routes[].maintenance.file", List.of(), Shape.ONE, Forms.FILE, "", """
            What they get to read: a file of at most 1 MiB, read at the start and when it has changed. By default the page
            for 503 in `errors`, else a line of text."""));

    public static final Setting<String> MAINTENANCE_TYPE = TABLE.add(new Setting<>(
            ROUTES, "routes[].maintenance.content_type", List.of(), Shape.ONE, RouteForms.MEDIA_TYPE, "", """
            What kind of content that is, by default what the ending of its name says: `.html`, `.json`, `.xml`, `.svg`,
            and anything else is plain text."""));

    public static final Setting<Cidr> MAINTENANCE_EXCEPT = TABLE.add(
            new Setting<>(ROUTES, "routes[].maintenance.except", List.of(), Shape.LIST, AddressForms.CIDR, "", """
            Networks whose clients are served all the same, by their address as far as that can be trusted."""));

    public static final Setting<Path> ERRORS =
            TABLE.add(Scope.ROUTE, new Setting<>(ROUTES, "errors", List.of(), Shape.MAP, Forms.FILE, "", """
            Pages for answers of Waffle's own, by status: `{404: no.html, 502-504: sorry.html}`, each a file of at most
            1 MiB, read at the start and when it has changed. Of two that hold for a status the narrower counts, and those of a
            route go before those of the top. What backends answer is passed on as it is, whatever its status."""));

    public static final Setting<Long> BUFFER_REQUEST = TABLE.add(
            Scope.ROUTE,
            new Setting<>(
                    LIMITS,
                    "buffer_request",
                    List.of("buffer-request"),
                    Shape.ONE,
                    Forms.sizeOrZero("1KiB", "64MiB"),
                    "0",
                    """
            How much of the body of a request is read before a backend is taken for it, so that clients that send slowly hold
            none: kept in memory as far as `retry.body_memory`, then in a file. The rest of a longer one is passed on as it
            comes. A client that asks whether to send its body is told to by Waffle then. 0 passes all on as it comes."""));

    public static final Setting<String> CORS_ORIGINS = TABLE.add(
            new Setting<>(ROUTES, "routes[].cors.origins", List.of(), Shape.LIST, RouteForms.CORS_ORIGIN, "", """
            Origins whose pages may use what the route serves: `https://www.example.org`, `https://*.example.org` for all
            below it, or `*`. Waffle answers browsers that ask, and says so in responses, in place of backends."""));

    public static final Setting<String> CORS_METHODS = TABLE.add(
            new Setting<>(ROUTES, "routes[].cors.methods", List.of(), Shape.LIST, RouteForms.CORS_NAME, "*", """
            Methods they may use."""));

    public static final Setting<String> CORS_HEADERS = TABLE.add(
            new Setting<>(ROUTES, "routes[].cors.headers", List.of(), Shape.LIST, RouteForms.CORS_NAME, "*", """
            Fields their requests may have."""));

    public static final Setting<Boolean> CORS_CREDENTIALS = TABLE.add(
            new Setting<>(ROUTES, "routes[].cors.credentials", List.of(), Shape.ONE, Forms.SWITCH, "false", """
            Whether cookies and the like may go along."""));

    public static final Setting<String> CORS_EXPOSE = TABLE.add(
            new Setting<>(ROUTES, "routes[].cors.expose", List.of(), Shape.LIST, RouteForms.CORS_NAME, "", """
            Fields of responses they may read besides the common ones."""));

    public static final Setting<Duration> CORS_MAX_AGE = TABLE.add(new Setting<>(
            ROUTES, "routes[].cors.max_age", List.of(), Shape.ONE, Forms.duration("0s", "24h"), "5s", """
            How long browsers may remember what they were told."""));

    public static final Setting<Integer> MIRROR =
            TABLE.add(new Setting<>(ROUTES, "routes[].mirror", List.of(), Shape.SHARES, RouteForms.PERCENT, "", """
            A pool that gets copies of the requests, with `X-Waffle-Mirror: 1`, and whose answers are thrown away; or several,
            each with its share: `{green: 1%}`. Requests never wait for copies: there are 100 at once at most for each."""));

    public static final Setting<Long> MIRROR_BODY = TABLE.add(
            new Setting<>(ROUTES, "routes[].mirror_body", List.of(), Shape.ONE, Forms.size("0", "1MiB"), "64KiB", """
            The longest body of a request that is copied; one with a longer one is not."""));

    public static final Setting<String> STRATEGY = TABLE.add(
            new Setting<>(ROUTES, "routes[].load_balancing.strategy", List.of(), Shape.ONE, Forms.STRATEGY, "", """
            How a backend is chosen for its requests, over the same backends, with their health and what they have in flight,
            by default as the pool has it. Routes that want the same of a pool share it. A cookie that keeps a client goes
            before it."""));

    public static final Setting<String> STRATEGY_OPTIONS = TABLE.add(
            new Setting<>(ROUTES, "routes[].load_balancing.options", List.of(), Shape.MAP, Forms.OPTION, "", """
            An option of that strategy."""));

    private RoutePolicySettings() {}
}
