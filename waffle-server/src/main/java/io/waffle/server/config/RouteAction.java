// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a route does with a request. */
public sealed interface RouteAction {

    /**
     * It goes to a pool.
     *
     * @param to the pools, each with its share
     * @param splitBy what decides among several
     * @param rewrite of what is asked for
     */
    record Forward(List<Share> to, SplitBy splitBy, RewriteConfig rewrite) implements RouteAction {

        public Forward {
            to = List.copyOf(to);
        }

        /** The shares as a file has them: {@code {app: 95, green: 5}}. */
        public String words() {
            return to.stream()
                    .map(share -> share.pool() + ": " + share.weight())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /**
     * A pool's share of the requests.
     *
     * @param weight 0 to 65,535 relative to the others; 0 for none but those whose cookie leads there
     */
    record Share(String pool, int weight) {}

    /** What decides among several pools. */
    enum SplitKind {
        /** Each in its turn. */
        TURN,
        /** The client's address: the same client, the same pool. */
        CLIENT,
        /** The value of a field. */
        HEADER,
        /** The value of a cookie. */
        COOKIE
    }

    /**
     * What decides among several pools.
     *
     * @param name of the field or cookie; empty for the others
     */
    record SplitBy(SplitKind kind, String name) {}

    /**
     * What is asked for in place of what the client asked for.
     *
     * @param prefix in place of the prefix the route matched
     * @param path in place of the whole path; the query stays
     * @param host in place of the client's
     */
    record RewriteConfig(Optional<String> prefix, Optional<String> path, Optional<String> host) {

        /** Nothing is changed. */
        public static final RewriteConfig NONE =
                new RewriteConfig(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Waffle answers itself. */
    record Respond(int status, String contentType, String body) implements RouteAction {}

    /**
     * The client is sent elsewhere; what is empty stays as it asked for.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param port empty for that of the scheme, if the scheme is given, else the one that was asked for
     * @param prefix in place of the prefix the route matched
     * @param path in place of the whole path; the query stays
     */
    record Redirect(
            int status,
            Optional<String> scheme,
            Optional<String> host,
            Optional<Integer> port,
            Optional<String> prefix,
            Optional<String> path)
            implements RouteAction {}
}
