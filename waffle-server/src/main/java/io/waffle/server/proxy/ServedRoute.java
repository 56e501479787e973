// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.ForwardingConfig;
import io.waffle.server.config.HeaderEdits;
import io.waffle.server.config.RouteAction.Forward;
import io.waffle.server.config.RouteAction.RewriteConfig;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.http.FieldEdits;
import io.waffle.server.http.KnownField;
import io.waffle.server.http.PathRewrite;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a route says of its requests, made into what those who serve them go by: once, not for each request. Immutable.
 *
 * @param rewrite of the path, as the backend is asked for it
 * @param host the backend is asked for; empty for the client's
 * @param maxBody bytes of a request body
 * @param nanos for a request until its response begins; 0 for no bound
 * @param errors pages in place of lines of text
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ServedRoute(
        String name,
        RouteAnswer answer,
        FieldEdits requestEdits,
        FieldEdits responseEdits,
        PathRewrite rewrite,
        byte[] host,
        boolean preservesHost,
        boolean writesForwarded,
        boolean repeatsAll,
        long maxBody,
        int minBodyRate,
        long nanos,
        TimeoutsConfig timeouts,
        ErrorPages errors,
        Guard guard) {

    private static final byte[] NONE = {};

    static ServedRoute of(RouteConfig config, RouteAnswer answer, ErrorPages errors, Guard guard) {
        ForwardingConfig forwarding = config.forwarding();
        FieldEdits requestEdits = edits(forwarding.requestHeaders(), List.of());
        long most = config.limits().requestBody();
        RewriteConfig rewrite = config.action() instanceof Forward forward ? forward.rewrite() : RewriteConfig.NONE;
        return new ServedRoute(
                config.name(),
                answer,
                forwarding.via() ? requestEdits : requestEdits.without(KnownField.VIA),
                edits(forwarding.responseHeaders(), config.cors().isPresent() ? CorsPolicy.FIELDS : List.of()),
                PathRewrite.of(rewrite.prefix(), rewrite.path(), Elsewhere.segments(config.matches())),
                rewrite.host()
                        .map(host -> host.getBytes(StandardCharsets.US_ASCII))
                        .orElse(NONE),
                forwarding.preserveHost(),
                forwarding.forwarded(),
                config.retry().nonIdempotent(),
                most == 0 ? Long.MAX_VALUE : most,
                config.limits().minBodyRate(),
                config.timeouts().request().toNanos(),
                config.timeouts(),
                errors,
                guard);
    }

    /** @param gone what goes besides */
    private static FieldEdits edits(HeaderEdits edits, List<String> gone) {
        List<String> remove = gone.isEmpty()
                ? edits.remove()
                : Stream.concat(edits.remove().stream(), gone.stream()).toList();
        return FieldEdits.of(edits.add(), edits.set(), remove);
    }
}
