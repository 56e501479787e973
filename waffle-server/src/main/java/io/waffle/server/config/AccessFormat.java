// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line of the access log has in it.
 *
 * @param json whether it is an object with a member for each variable, instead of the text
 * @param parts of the text, in order
 */
public record AccessFormat(boolean json, List<Part> parts) {

    private static final String COMMON = "{client} - - [{time}] \"{method} {target} {version}\" {status} {bytes}";

    private static final String COMBINED = COMMON + " \"{referer}\" \"{user_agent}\"";

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]*)}");

    /** What can be told of a request. */
    public enum Variable {
        /** The address of the client, as far as it can be trusted. */
        CLIENT,
        /** When the response had left. */
        TIME,
        METHOD,
        /** Path and query, as received. */
        TARGET,
        /** HTTP/1.0 or HTTP/1.1. */
        VERSION,
        /** The Host field. */
        HOST,
        REFERER,
        USER_AGENT,
        /** What the client got; 499 if it had left. */
        STATUS,
        /** Of the body, as sent, with the framing of its chunks. */
        BYTES,
        /** The last backend that was tried. */
        BACKEND,
        /** The route it was served by. */
        ROUTE,
        /** The pool that route led to. */
        POOL,
        /** The name of the strategy. */
        STRATEGY,
        /** Why that backend: policy, retry, fallback, all_down. */
        REASON,
        /** How many backends were tried. */
        ATTEMPTS,
        /** From the first byte of the request to that of the response, in milliseconds. */
        FIRST_BYTE_MS,
        /** From the first byte of the request to the last of the response, in milliseconds. */
        DURATION_MS,
        /** How long the request waited for a backend with room, in milliseconds. */
        QUEUE_MS,
        /** How long connecting to the last backend took, in milliseconds; none if a connection was used again. */
        CONNECT_MS,
        /** What ended it before its proper end. */
        FAULT,
        /** Whose doing that was: client, backend, waffle. */
        ENDED_BY,
        /** How far it had come by then: request_head, queue, connect, request, response_head, response, tunnel. */
        PHASE,
        /** The attempts one by one, each with its backend, its outcome and its times. */
        TRIES,
        /** The name the connection was made with, where {@code tls.names} decide by it what clients are asked for. */
        SERVER_NAME;

        /** As it stands in a format, and in a JSON line. */
        public String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A piece of the text: as it is, or a variable's value. */
    public record Part(String text, Optional<Variable> variable) {}

    public AccessFormat {
        parts = List.copyOf(parts);
    }

    static AccessFormat parse(String text) throws InvalidValue {
        return switch (text) {
            case "common" -> new AccessFormat(false, parts(COMMON));
            case "combined" -> new AccessFormat(false, parts(COMBINED));
            case "json" -> new AccessFormat(true, List.of());
            default -> {
                if (!text.contains("{")) {
                    throw new InvalidValue("common, combined, json, or a text with variables such as {status}");
                }
                yield new AccessFormat(false, parts(text));
            }
        };
    }

    private static List<Part> parts(String text) throws InvalidValue {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(text);
        int at = 0;
        while (matcher.find()) {
            parts.add(new Part(text.substring(at, matcher.start()), Optional.of(variable(matcher.group(1)))));
            at = matcher.end();
        }
        parts.add(new Part(text.substring(at), Optional.empty()));
        return parts;
    }

    private static Variable variable(String name) throws InvalidValue {
        List<String> known =
                Arrays.stream(Variable.values()).map(Variable::written).toList();
        int at = known.indexOf(name);
        if (at < 0) {
            throw new InvalidValue("variables of " + String.join(", ", known) + "; {" + name + "} is none of them");
        }
        return Variable.values()[at];
    }
}
