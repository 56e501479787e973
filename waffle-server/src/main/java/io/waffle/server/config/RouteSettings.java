// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.ROUTES;

import io.waffle.server.config.RouteAction.SplitBy;
import io.waffle.server.config.Setting.Shape;
import java.util.List;

/** Settings: which requests go where; a part of the table {@link Settings}. */
public final class RouteSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<String> ROUTES_FLAG =
            TABLE.add(new Setting<>(ROUTES, "", List.of("route"), Shape.PAIR, RouteForms.ROUTE, "", """
            A route, as `HOST=POOL`, `/PATH=POOL` or `HOST/PATH=POOL`; in a file `routes`. Given here, they take the place
            of those in the file."""));

    public static final Setting<String> ROUTES_LIST =
            TABLE.add(new Setting<>(ROUTES, "routes", List.of(), Shape.ITEMS, RouteForms.TEXT, "", """
            Which requests go where. Of all routes whose conditions hold the most precise one counts, wherever it stands:
            see docs/routing.md. A request no route is for gets a 404. Without routes, everything goes to the pool
            `default`, or the only one. A route may have settings of its own besides those below: timeouts, retries, and
            what is forwarded, by the same names; what it does not say is as the top has it."""));

    public static final Setting<String> NAME =
            TABLE.add(new Setting<>(ROUTES, "routes[].name", List.of(), Shape.ONE, Forms.NAME, "", """
            What the log and the admin API call it; by default `route-1` and so on, by its place."""));

    public static final Setting<String> HOSTS =
            TABLE.add(new Setting<>(ROUTES, "routes[].hosts", List.of(), Shape.LIST, RouteForms.HOST, "", """
            Hosts, one of which must be asked for: a name, or `*.` and a name for all names below that, though not the
            name itself. Case, port and a final dot do not count."""));

    public static final Setting<String> PATH =
            TABLE.add(new Setting<>(ROUTES, "routes[].path", List.of(), Shape.ONE, RouteForms.PATH, "", """
            The path, and all below it: `/v2` holds for `/v2` and `/v2/users`, not for `/v20`. Case counts."""));

    public static final Setting<String> PATH_EXACT =
            TABLE.add(new Setting<>(ROUTES, "routes[].path.exact", List.of(), Shape.ONE, RouteForms.PATH, "", """
            In place of that: this path alone."""));

    public static final Setting<String> PATH_PATTERN =
            TABLE.add(new Setting<>(ROUTES, "routes[].path.pattern", List.of(), Shape.ONE, RouteForms.PATH, "", """
            In place of that: a path of as many segments, `*` being any: `/users/*/cart`."""));

    public static final Setting<String> PATH_REGEX =
            TABLE.add(new Setting<>(ROUTES, "routes[].path.regex", List.of(), Shape.ONE, RouteForms.TEXT, "", """
            In place of that: an expression that must hold for the whole path: `/v[0-9]+/users`. docs/routing.md says what
            it may have; it takes time in proportion to the path, whatever that is."""));

    public static final Setting<String> METHOD =
            TABLE.add(new Setting<>(ROUTES, "routes[].method", List.of(), Shape.LIST, RouteForms.METHOD, "", """
            Methods, one of which it must have."""));

    public static final Setting<String> HEADERS =
            TABLE.add(new Setting<>(ROUTES, "routes[].headers", List.of(), Shape.MAP, RouteForms.TEXT, "", """
            Fields it must have, each with its value; `*` is any value, and `~` before it makes it an expression for the
            whole value: `x-tenant: ~acme|umbrella`."""));

    public static final Setting<String> QUERY =
            TABLE.add(new Setting<>(ROUTES, "routes[].query", List.of(), Shape.MAP, RouteForms.TEXT, "", """
            Parameters of the query it must have, in the same way. Of one that is given twice the first counts."""));

    public static final Setting<String> COOKIES =
            TABLE.add(new Setting<>(ROUTES, "routes[].cookies", List.of(), Shape.MAP, RouteForms.TEXT, "", """
            Cookies it must have, in the same way."""));

    public static final Setting<Cidr> CLIENTS =
            TABLE.add(new Setting<>(ROUTES, "routes[].clients", List.of(), Shape.LIST, AddressForms.CIDR, "", """
            Networks, one of which must hold the address of the client, as far as that can be trusted."""));

    public static final Setting<String> LISTENERS =
            TABLE.add(new Setting<>(ROUTES, "routes[].listeners", List.of(), Shape.LIST, Forms.NAME, "", """
            Listeners, by one of which it must have come."""));

    public static final Setting<String> MATCH =
            TABLE.add(new Setting<>(ROUTES, "routes[].match", List.of(), Shape.ITEMS, RouteForms.TEXT, "", """
            Alternatives, in place of the conditions above: mappings of `hosts`, `path`, `method`, `headers`, `query`,
            `cookies`, `clients` and `listeners`, one of which must hold."""));

    public static final Setting<AmbiguousPaths> AMBIGUOUS = TABLE.add(new Setting<>(
            ROUTES,
            "routes[].ambiguous_paths",
            List.of(),
            Shape.ONE,
            Forms.word("WORD", AmbiguousPaths.class),
            "refuse",
            """
            What becomes of a path that some servers read as one of another route, as they decode `%2F`, drop `;` and what
            follows, or resolve `..`: `refuse` answers 400, `allow` serves it by this route."""));

    public static final Setting<Integer> TO =
            TABLE.add(new Setting<>(ROUTES, "routes[].to", List.of(), Shape.SHARES, Forms.count(0, 65_535), "", """
            The pool it goes to; or several, each with its weight: `{app: 95, green: 5}`. One of weight 0 gets none but
            those a sticky cookie leads to it. By default the pool `default`."""));

    public static final Setting<SplitBy> SPLIT_BY =
            TABLE.add(new Setting<>(ROUTES, "routes[].split_by", List.of(), Shape.ONE, RouteForms.SPLIT, "", """
            What decides among several pools: `client`, `header:NAME` or `cookie:NAME`, so that the same value always leads
            to the same one; by default each has its turn. A sticky cookie of one of the pools goes before that."""));

    public static final Setting<String> REWRITE_PREFIX =
            TABLE.add(new Setting<>(ROUTES, "routes[].rewrite.prefix", List.of(), Shape.ONE, RouteForms.PATH, "", """
            What the backend is asked for in place of the prefix that is the condition of the route: `/` takes it away."""));

    public static final Setting<String> REWRITE_PATH =
            TABLE.add(new Setting<>(ROUTES, "routes[].rewrite.path", List.of(), Shape.ONE, RouteForms.PATH, "", """
            What the backend is asked for in place of the path; the query stays."""));

    public static final Setting<String> REWRITE_HOST =
            TABLE.add(new Setting<>(ROUTES, "routes[].rewrite.host", List.of(), Shape.ONE, Forms.HOST, "", """
            The host the backend is asked for, in place of the client's."""));

    public static final Setting<Integer> RESPOND_STATUS = TABLE.add(
            new Setting<>(ROUTES, "routes[].respond.status", List.of(), Shape.ONE, Forms.count(200, 599), "200", """
            Waffle answers itself, with this status."""));

    public static final Setting<String> RESPOND_BODY =
            TABLE.add(new Setting<>(ROUTES, "routes[].respond.body", List.of(), Shape.ONE, RouteForms.BODY, "", """
            What it answers."""));

    public static final Setting<String> RESPOND_TYPE = TABLE.add(new Setting<>(
            ROUTES,
            "routes[].respond.content_type",
            List.of(),
            Shape.ONE,
            RouteForms.MEDIA_TYPE,
            "text/plain; charset=utf-8",
            """
            What kind of content that is."""));

    public static final Setting<Integer> REDIRECT_STATUS = TABLE.add(new Setting<>(
            ROUTES, "routes[].redirect.status", List.of(), Shape.ONE, RouteForms.REDIRECT_STATUS, "302", """
            The client is sent elsewhere, with this status: to what it asked for, but for what is said below."""));

    public static final Setting<String> REDIRECT_SCHEME = TABLE.add(
            new Setting<>(ROUTES, "routes[].redirect.scheme", List.of(), Shape.ONE, RouteForms.SCHEME, "", """
            By this scheme, at its usual port if none is given."""));

    public static final Setting<String> REDIRECT_HOST =
            TABLE.add(new Setting<>(ROUTES, "routes[].redirect.host", List.of(), Shape.ONE, RouteForms.HOST, "", """
            To this host."""));

    public static final Setting<Integer> REDIRECT_PORT = TABLE.add(
            new Setting<>(ROUTES, "routes[].redirect.port", List.of(), Shape.ONE, Forms.count(1, 65_535), "", """
            At this port."""));

    public static final Setting<String> REDIRECT_PREFIX = TABLE.add(
            new Setting<>(ROUTES, "routes[].redirect.prefix", List.of(), Shape.ONE, RouteForms.PATH, "", """
            With this in place of the prefix that is the condition of the route."""));

    public static final Setting<String> REDIRECT_PATH =
            TABLE.add(new Setting<>(ROUTES, "routes[].redirect.path", List.of(), Shape.ONE, RouteForms.PATH, "", """
            With this path in place of the one it asked for; the query stays."""));

    /** What becomes of a path that leads to two places. */
    enum AmbiguousPaths {
        REFUSE,
        ALLOW
    }

    private RouteSettings() {}

    /** The conditions, which may stand in a route or in one of its alternatives. */
    static List<Setting<?>> conditions() {
        return List.of(
                HOSTS, PATH, PATH_EXACT, PATH_PATTERN, PATH_REGEX, METHOD, HEADERS, QUERY, COOKIES, CLIENTS, LISTENERS);
    }
}
