// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Routes in words, for whoever asks why. */
final class RouteWords {

    private RouteWords() {}

    /** All conditions: {@code host api.example.org, prefix /v2, method GET, header x-tenant=acme}. */
    static String conditions(Candidate candidate) {
        RouteMatch match = candidate.match();
        List<String> words = new ArrayList<>();
        words.add(candidate.host().map(host -> "host " + host).orElse("any host"));
        words.add(candidate.path().toString());
        if (!match.methods().isEmpty()) {
            words.add(methods(match));
        }
        match.headers().forEach(field -> words.add(FieldKind.HEADER + " " + field));
        match.cookies().forEach(field -> words.add(FieldKind.COOKIE + " " + field));
        match.query().forEach(field -> words.add(FieldKind.QUERY + " " + field));
        if (!match.clients().isEmpty()) {
            words.add(clients(match));
        }
        if (!match.listeners().isEmpty()) {
            words.add(listeners(match));
        }
        return String.join(", ", words);
    }

    /** What makes it as precise as it is: {@code host exact, prefix /v2, 1 header}. */
    static String rank(Candidate candidate) {
        RouteMatch match = candidate.match();
        List<String> words = new ArrayList<>();
        words.add(candidate
                .host()
                .map(host -> host.wildcard() ? "host wildcard " + host : "host exact")
                .orElse("any host"));
        words.add(candidate.path().toString());
        if (!match.methods().isEmpty()) {
            words.add("method");
        }
        count(words, match.headers().size(), "header");
        count(words, match.cookies().size(), "cookie");
        count(words, match.query().size(), "query parameter");
        if (!match.clients().isEmpty()) {
            words.add("client");
        }
        if (!match.listeners().isEmpty()) {
            words.add("listener");
        }
        return String.join(", ", words);
    }

    static String methods(RouteMatch match) {
        return "method " + String.join(" or ", match.methods());
    }

    static String listeners(RouteMatch match) {
        return "listener " + String.join(" or ", match.listeners());
    }

    static String clients(RouteMatch match) {
        return "client of " + match.clients().stream().map(RouteWords::block).collect(Collectors.joining(" or "));
    }

    /** As it is configured: {@code 10.0.0.0/8}. */
    static String block(Cidr block) {
        if (block.equals(Cidr.UNIX)) {
            return "unix";
        }
        ClientAddress address = block.address();
        boolean four = address.isIPv4() && block.prefix() >= 96;
        return address + "/" + (four ? block.prefix() - 96 : block.prefix());
    }

    private static void count(List<String> words, int count, String what) {
        if (count > 0) {
            words.add(count + " " + what + (count > 1 ? "s" : ""));
        }
    }
}
