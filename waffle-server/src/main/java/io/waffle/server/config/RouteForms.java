// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.RouteAction.SplitBy;
import io.waffle.server.config.RouteAction.SplitKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/** The forms of values that are about routes. What a condition means is known only to whoever matches by it. */
final class RouteForms {

    static final Form<String> HTTPS = Forms.matching("WORD", "https", Pattern.compile("https"));

    static final Form<String> SCHEME = Forms.matching("WORD", "http or https", Pattern.compile("https?"));

    /** {@code NAME=...}, the rest being read by whoever knows what it is. */
    static final Form<String> NAMED = Forms.matching(
            "NAME=URL,URL", "a name, =, and what it stands for", Pattern.compile("[a-z][a-z0-9-]{0,62}=.+"));

    /** {@code HOST[/PATH]=POOL}: the last {@code =} counts, since a path may have some. */
    static final Form<String> ROUTE = Forms.matching(
            "HOST/PATH=POOL",
            "a host, a path or both, =, and the name of a pool, such as api.example.org/v2=app",
            Pattern.compile("[\\x21-\\x7E]+=[a-z][a-z0-9-]{0,62}"));

    static final Form<String> PATH = Forms.matching(
            "PATH",
            "a path that begins with a slash, without query",
            Pattern.compile("/[\\x21-\\x7E&&[^?#\\\\]]{0,4095}"));

    static final Form<String> TEXT =
            Forms.matching("TEXT", "text of at most 4096 bytes", Pattern.compile("[\\x20-\\x7E]{1,4096}"));

    static final Form<String> METHOD =
            Forms.matching("METHOD", "a method, such as GET", Pattern.compile("[A-Z][A-Z0-9!#$%&'*+.^_`|~-]{0,31}"));

    static final Form<String> HOST = Forms.matching(
            "HOST",
            "a host name without port, *. and a host name for all below it, or an address",
            Pattern.compile("(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})|\\[[0-9A-Fa-f:.]+]"));

    static final Form<String> ASKED = Forms.matching(
            "'METHOD URL'",
            "a method and a URL or a path, such as 'GET https://api.example.org/v2'",
            Pattern.compile("[\\x20-\\x7E]+"));

    static final Form<String> FIELD = Forms.matching(
            "NAME:VALUE",
            "the name of a field, a colon and its value, such as 'x-tenant: acme'",
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}:[\\x20-\\x7E]{0,4096}"));

    static final Form<SplitBy> SPLIT = new Form<>("KEY", "client, header:NAME or cookie:NAME", given -> {
        String text = given.text();
        if (text.equals("client")) {
            return new SplitBy(SplitKind.CLIENT, "");
        }
        for (SplitKind kind : List.of(SplitKind.HEADER, SplitKind.COOKIE)) {
            String prefix = LoggingConfig.written(kind) + ":";
            if (text.startsWith(prefix)
                    && text.substring(prefix.length()).matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")) {
                return new SplitBy(kind, text.substring(prefix.length()));
            }
        }
        throw new InvalidValue("client, header:NAME or cookie:NAME");
    });

    static final Form<StatusRange> ERROR_STATUSES =
            new Form<>("STATUSES", "a status of 400 to 599, or two with a dash between", given -> {
                if (given.text().matches("[45][0-9]{2}(-[45][0-9]{2})?")) {
                    return Forms.STATUSES.read(given);
                }
                throw new InvalidValue("a status of 400 to 599, or two with a dash between, such as 404 or 502-504");
            });

    static final Form<String> CORS_ORIGIN = Forms.matching(
            "ORIGIN",
            "an origin such as https://www.example.org or https://*.example.org, or *",
            Pattern.compile("\\*|[a-z][a-z0-9+.-]*://((\\*\\.)?[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?"));

    static final Form<String> CORS_NAME =
            Forms.matching("NAME", "a name, or * for any", Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}"));

    /** In hundredths of a percent. */
    static final Form<Integer> PERCENT = new Form<>("PERCENT", "0.01% to 100%", given -> {
        if (given.text().matches("[0-9]{1,3}(\\.[0-9]{1,2})?%")) {
            int share = new BigDecimal(given.text().replace("%", ""))
                    .movePointRight(2)
                    .intValueExact();
            if (share > 0 && share <= MirrorConfig.ALL) {
                return share;
            }
        }
        throw new InvalidValue("a share of 0.01% to 100%, such as 1%");
    });

    static final Form<Integer> REDIRECT_STATUS = new Form<>("STATUS", "301, 302, 303, 307 or 308", given -> {
        if (List.of("301", "302", "303", "307", "308").contains(given.text())) {
            return Integer.parseInt(given.text());
        }
        throw new InvalidValue("301, 302, 303, 307 or 308");
    });

    static final Form<String> MEDIA_TYPE = Forms.matching(
            "TYPE", "a media type, such as text/html", Pattern.compile("[\\x21-\\x7E]+/[\\x20-\\x7E]{1,200}"));

    /** What is answered may have lines. */
    static final Form<String> BODY = new Form<>("TEXT", "text of at most 64 KiB", given -> {
        if (given.text().length() > 65_536) {
            throw new InvalidValue("text of at most 64 KiB");
        }
        return given.text();
    });

    private RouteForms() {}
}
