// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import static io.waffle.server.admin.JsonText.JSON;

import io.waffle.server.config.CidrSet;
import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.Redirect;
import io.waffle.server.config.RouteAction.Respond;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.http.HeadException;
import io.waffle.server.pool.PickContext;
import io.waffle.server.route.RouteExplanation;
import io.waffle.server.route.RouteTable;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** Says which route a request would take, and why no other. */
final class RouteExplain {

    private final AdminRoutes routes;
    private final Question question;
    private final RouteExplanation found;

    /** Refuses what would be refused before any route is looked for. */
    RouteExplain(AdminRoutes routes, Question question) {
        this.routes = routes;
        this.question = question;
        try {
            this.found = routes.table().explain(question.forRoutes());
        } catch (HeadException e) {
            throw Refusal.badValue(
                    "request", e.getMessage() + ", for which it would get a " + e.status(), "one that Waffle takes");
        }
    }

    private Optional<RouteConfig> route() {
        return found.rule() < 0 ? Optional.empty() : Optional.of(routes.routes().get(found.rule()));
    }

    /** Where it would go, if Waffle does not answer it itself; it is balanced then as the route has it. */
    Optional<AdminRoutes.Towards> towards(PickContext request) {
        return question.listener().redirectsToHttps()
                        || isDenied()
                        || isMisdirected()
                        || route().filter(open -> !isClosed(open)).isEmpty()
                ? Optional.empty()
                : routes.towards().apply(found.rule(), request);
    }

    void addTo(JsonObjectBuilder view) {
        view.add("canonical_path", found.path());
        JsonValue route = route().<JsonValue>map(this::view).orElse(JsonValue.NULL);
        view.add("route", route);
        JsonArrayBuilder losers = JSON.createArrayBuilder();
        found.losers()
                .forEach(loser -> losers.add(
                        JSON.createObjectBuilder().add("name", loser.name()).add("failed", loser.failed())));
        view.add("losers", losers);
        question.listener().tls().ifPresent(tls -> addClients(view, tls));
        addAnswer(view);
    }

    /** What is asked of its client, and by what. */
    private void addClients(JsonObjectBuilder view, TlsConfig tls) {
        JsonObjectBuilder clients = JSON.createObjectBuilder()
                .add("mode", tls.clientsOf(question.host()).mode().name().toLowerCase(Locale.ROOT));
        tls.nameFor(question.host()).ifPresent(name -> clients.add("name", name));
        view.add("client_certificates", clients);
    }

    private boolean isMisdirected() {
        return question.listener()
                .tls()
                .filter(tls -> tls.isMisdirected(question.serverName(), question.host()))
                .isPresent();
    }

    private JsonValue view(RouteConfig route) {
        JsonObjectBuilder view = JSON.createObjectBuilder().add("name", route.name());
        found.winner().ifPresent(winner -> view.add("rank", winner.rank()));
        RouteViews.addAction(view, route);
        return view.build();
    }

    /** What Waffle would answer itself. */
    private void addAnswer(JsonObjectBuilder view) {
        ListenerConfig listener = question.listener();
        if (isDenied()) {
            add(view, 403, "the listener " + listener.name() + " does not serve this client");
        } else if (listener.redirectsToHttps()) {
            add(view, 308, "the listener " + listener.name() + " sends everybody to https");
        } else if (isMisdirected()) {
            add(
                    view,
                    421,
                    "clients of " + question.host() + " are asked for other certificates than those of "
                            + question.serverName() + ", with which the connection was made");
        } else if (found.rule() == RouteTable.AMBIGUOUS) {
            add(view, 400, "ambiguous path: " + found.otherwise().orElse("it can be read in two ways"));
        } else if (found.rule() < 0) {
            add(view, 404, "no route is for it");
        } else if (isClosed(routes.routes().get(found.rule()))) {
            add(view, 503, "the route is in maintenance");
        } else {
            switch (routes.routes().get(found.rule()).action()) {
                case Respond respond -> add(view, respond.status(), "the route answers itself");
                case Redirect redirect -> add(view, redirect.status(), "the route sends the client elsewhere");
                case Forward forward -> {
                    if (towards(question.forPool()).isEmpty()) {
                        add(view, 500, "all its pools have weight 0: " + forward.words());
                    }
                }
            }
        }
    }

    private boolean isDenied() {
        return !question.listener().access().serves(question.forRoutes().client());
    }

    private boolean isClosed(RouteConfig route) {
        return route.maintenance().enabled()
                && !CidrSet.of(route.maintenance().except())
                        .contains(question.forRoutes().client());
    }

    private static void add(JsonObjectBuilder view, int status, String because) {
        view.add("answer", JSON.createObjectBuilder().add("status", status).add("because", because));
    }
}
