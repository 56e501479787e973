// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Who may come in. A loopback address keeps other hosts out, but not what a browser on this one is made to send by a page from elsewhere:
 * that has another {@code Host} if the page has a name that resolves to here, another {@code Origin} if it has not.
 */
final class Gate {

    private static final Pattern LOOPBACK = Pattern.compile(
            "localhost|127(\\.(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

    private static final Pattern JSON = Pattern.compile("(?i)application/json(\\s*;\\s*charset=\"?utf-8\"?)?");
    private static final int USUAL_PORT = 80;

    private final Supplier<Optional<Token>> token;

    /** @param token as it is at the time of asking */
    Gate(Supplier<Optional<Token>> token) {
        this.token = token;
    }

    /** Lets nobody in that was sent by a page from elsewhere. */
    void admit(Call call) {
        List<String> hosts = call.fields().apply("host");
        if (hosts.size() != 1 || !isOwn(hosts.getFirst(), call.port())) {
            throw Refusal.of(
                    Refusal.FORBIDDEN,
                    "Host",
                    String.join(", ", hosts),
                    "localhost or a loopback address, with port " + call.port());
        }
        for (String origin : call.fields().apply("origin")) {
            if (!origin.startsWith("http://") || !isOwn(origin.substring("http://".length()), call.port())) {
                throw Refusal.of(Refusal.FORBIDDEN, "Origin", origin, "none, or that of this listener");
            }
        }
    }

    /** Lets nobody change anything who does not know the token. */
    void admitChange(Call call) {
        Optional<Token> known = token.get();
        if (known.isEmpty()) {
            throw new Refusal(
                    Refusal.FORBIDDEN,
                    call.method()
                            + ": no token is configured (expected: admin.token_file, without which nothing can be changed)");
        }
        List<String> given = call.fields().apply("authorization");
        if (given.size() != 1 || !known.get().isIn(given.getFirst())) {
            throw Refusal.of(
                    Refusal.UNAUTHORIZED, "Authorization", shown(given), "Bearer and the token of admin.token_file");
        }
        admitBody(call);
    }

    /** Says what it was without saying it. */
    private static String shown(List<String> given) {
        return switch (given.size()) {
            case 0 -> "none";
            case 1 -> Token.hasScheme(given.getFirst()) ? "another token" : "without the word Bearer";
            default -> "more than one";
        };
    }

    /** A page from elsewhere can have a browser send a body of some types; none of them is JSON. Without a body there is no type to tell. */
    private static void admitBody(Call call) {
        List<String> types = call.fields().apply("content-type");
        boolean typed = types.size() == 1 && JSON.matcher(types.getFirst()).matches();
        if (!typed && call.content().get().length > 0) {
            throw Refusal.of(
                    Refusal.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type",
                    types.isEmpty() ? "none" : String.join(", ", types),
                    "application/json");
        }
    }

    private static boolean isOwn(String authority, int port) {
        String text = authority.toLowerCase(Locale.ROOT);
        String suffix = ":" + port;
        if (text.endsWith(suffix)) {
            return LOOPBACK.matcher(text.substring(0, text.length() - suffix.length()))
                    .matches();
        }
        return port == USUAL_PORT && LOOPBACK.matcher(text).matches();
    }
}
