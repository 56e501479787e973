// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.CorsConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What pages of other origins may do (the CORS protocol of the Fetch standard): answers what browsers ask before they send such a request, and says with
 * each response whose pages may read it. Immutable.
 */
final class CorsPolicy {

    /** What a policy says itself, so that backends do not. */
    static final List<String> FIELDS =
            List.of("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers");

    private static final byte[] NOTHING = {};

    private static final String ASKS =
            "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\r\n";

    private final CorsConfig config;
    private final boolean anybody;
    private final List<Pattern> origins = new ArrayList<>();

    CorsPolicy(CorsConfig config) {
        this.config = config;
        this.anybody = config.origins().contains(CorsConfig.ANY);
        for (String origin : config.origins()) {
            String exact = Pattern.quote(origin.toLowerCase(Locale.ROOT));
            origins.add(Pattern.compile(exact.replace("*.", "\\E[a-z0-9_.-]+\\.\\Q")));
        }
    }

    /** The answer to a browser that asks whether it may send a request; empty if this is another request. */
    Optional<OwnAnswer> preflight(Exchange x) {
        if (!x.request.method().equals("OPTIONS")) {
            return Optional.empty();
        }
        String origin = x.request.findValue("origin");
        String method = x.request.findValue("access-control-request-method");
        if (origin == null || method == null) {
            return Optional.empty();
        }
        StringBuilder fields = new StringBuilder(ASKS);
        if (allows(origin)) {
            allow(fields, origin);
            add(fields, "Access-Control-Allow-Methods", config.methods(), method);
            add(
                    fields,
                    "Access-Control-Allow-Headers",
                    config.headers(),
                    x.request.findValue("access-control-request-headers"));
            fields.append("Access-Control-Max-Age: ")
                    .append(config.maxAge().toSeconds())
                    .append("\r\n");
        }
        return Optional.of(OwnAnswer.empty(204, bytes(fields)));
    }

    /** Whether pages of this origin are let. */
    private boolean allows(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return anybody || origins.stream().anyMatch(each -> each.matcher(lower).matches());
    }

    private void allow(StringBuilder to, String origin) {
        to.append("Access-Control-Allow-Origin: ")
                .append(anybody && !config.credentials() ? CorsConfig.ANY : origin)
                .append("\r\n");
        if (config.credentials()) {
            to.append("Access-Control-Allow-Credentials: true\r\n");
        }
    }

    /** Where any is allowed, what was asked for is: with credentials browsers take {@code *} for a name. */
    private static void add(StringBuilder to, String name, List<String> allowed, @Nullable String asked) {
        String value = allowed.contains(CorsConfig.ANY) ? asked : String.join(", ", allowed);
        if (value != null && !value.isEmpty()) {
            to.append(name).append(": ").append(value).append("\r\n");
        }
    }

    /** Lines for the head of a response to this request. */
    byte[] grants(Exchange x) {
        String origin = x.request.findValue("origin");
        boolean same = anybody && !config.credentials();
        StringBuilder fields = new StringBuilder(same ? "" : "Vary: Origin\r\n");
        if (origin != null && allows(origin)) {
            allow(fields, origin);
            add(fields, "Access-Control-Expose-Headers", config.expose(), config.credentials() ? null : CorsConfig.ANY);
        }
        return fields.isEmpty() ? NOTHING : bytes(fields);
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
