// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.CidrSet;
import io.waffle.server.config.ClientCertificatesConfig;
import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.RouteAction;
import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.Redirect;
import io.waffle.server.config.RouteAction.Respond;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.http.HeadException;
import io.waffle.server.route.RouteExplanation;
import io.waffle.server.route.RouteQuestion;
import io.waffle.server.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Says of requests which route they would take, in text, without a server. */
public final class RouteReport {

    private final WaffleConfig config;
    private final RouteTable<RouteConfig> table;

    /**
     * By the routes of a configuration.
     *
     * @throws StartException if something is wrong with these
     */
    public RouteReport(WaffleConfig config) throws StartException {
        this.config = config;
        this.table = RouteRules.table(config);
    }

    /** What becomes of a request, a line for each thing that is to be said of it. */
    public List<String> lines(RouteQuestion question) {
        List<String> lines = new ArrayList<>();
        Optional<ListenerConfig> listener = config.listeners().stream()
                .filter(each -> each.name().equals(question.listener()))
                .findFirst();
        if (listener.filter(each -> !each.access().serves(question.client())).isPresent()) {
            return List.of("answer  403: the listener " + question.listener() + " does not serve this client");
        }
        if (listener.filter(ListenerConfig::redirectsToHttps).isPresent()) {
            return List.of("answer  308: the listener " + question.listener() + " sends everybody to https");
        }
        try {
            RouteExplanation found = table.explain(question);
            lines.add("path    " + found.path());
            found.winner()
                    .filter(winner -> found.rule() >= 0)
                    .ifPresent(winner -> lines.add("route   " + winner.name() + ": " + winner.rank()));
            lines.add(outcome(found, question));
            clients(question).ifPresent(lines::add);
            found.losers().forEach(loser -> lines.add("not     " + loser.name() + ": " + loser.failed()));
            return lines;
        } catch (HeadException e) {
            return List.of("answer  " + e.status() + ": " + e.getMessage());
        }
    }

    /** What is asked of its client, if anything is. */
    private Optional<String> clients(RouteQuestion question) {
        return config.listeners().stream()
                .filter(listener -> listener.name().equals(question.listener()))
                .flatMap(listener -> listener.tls().stream())
                .filter(tls -> tls.allClients().anyMatch(ClientCertificatesConfig::enabled))
                .map(tls -> "clients "
                        + tls.clientsOf(question.host()).mode().name().toLowerCase(Locale.ROOT)
                        + ": by "
                        + tls.nameFor(question.host())
                                .map(name -> "tls.names." + name)
                                .orElse("the listener " + question.listener())
                        + (tls.names().isEmpty()
                                ? ""
                                : "; 421 by a connection made with a name that asks for something else"))
                .findFirst();
    }

    private String outcome(RouteExplanation found, RouteQuestion question) {
        if (found.rule() == RouteTable.AMBIGUOUS) {
            return "answer  400: ambiguous path: " + found.otherwise().orElse("it can be read in two ways");
        }
        if (found.rule() < 0) {
            return "answer  404: no route is for it";
        }
        RouteConfig route = table.target(found.rule());
        boolean closed = route.maintenance().enabled()
                && !CidrSet.of(route.maintenance().except()).contains(question.client());
        String strategy = route.loadBalancing().map(by -> ", by " + by.name()).orElse("");
        return closed ? "answer  503: the route is in maintenance" : words(route.action(), strategy);
    }

    private static String words(RouteAction action, String strategy) {
        return switch (action) {
            case Forward forward
            when forward.to().stream().allMatch(share -> share.weight() == 0) ->
                "answer  500: all its pools have weight 0: " + forward.words();
            case Forward forward -> "to      " + pools(forward) + strategy;
            case Respond respond -> "answer  " + respond.status() + ": the route answers itself";
            case Redirect redirect -> "answer  " + redirect.status() + ": to " + place(redirect);
        };
    }

    private static String pools(Forward forward) {
        return forward.to().size() == 1 ? "pool " + forward.to().getFirst().pool() : "pools " + forward.words();
    }

    /** What is written is what changes. */
    private static String place(Redirect to) {
        List<String> words = Stream.of(
                        to.scheme().map(scheme -> "scheme " + scheme),
                        to.host().map(host -> "host " + host),
                        to.port().map(port -> "port " + port),
                        to.prefix().map(prefix -> "prefix " + prefix),
                        to.path().map(path -> "path " + path))
                .flatMap(word -> word.stream())
                .toList();
        return words.isEmpty() ? "the same" : String.join(", ", words);
    }
}
