// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a backend in its one normal spelling, so that two backends are the same if their texts are.
 *
 * <p>Not read by {@link URI#getHost()}, which knows no underscores, and so none of the service names of container networks.
 *
 * @param uri {@code http} or {@code https}, a host, an explicit port (the scheme's default is filled in), and a path prefix that is empty or
 *     begins with a slash and does not end with one
 * @param host its host
 * @param port its port
 */
public record BackendUrl(URI uri, Host host, int port) {

    /** Bytes of a path prefix: it is written into each request, whose size is bounded. */
    static final int MAX_PATH = 512;

    private static final Pattern URL = Pattern.compile("(?i)(https?)://([^/?#]*)([^?#]*)(.*)", Pattern.DOTALL);
    private static final Pattern SEGMENTS =
            Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f][0-9A-Fa-f])*+");
    private static final String FORM = "http://HOST[:PORT][/PREFIX] or https://";

    static BackendUrl parse(String text) throws InvalidValue {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new InvalidValue(FORM + withScheme(text));
        }
        if (!url.group(4).isEmpty()) {
            throw new InvalidValue("no query and no fragment: " + FORM);
        }
        if (url.group(2).contains("@")) {
            throw new InvalidValue("no user information: " + FORM);
        }
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        HostPort parsed = HostPort.parse(url.group(2));
        Host host = parsed.host().orElseThrow(() -> new InvalidValue("a host: " + FORM));
        if (parsed.port() == 0) {
            throw new InvalidValue("a port of 1 to 65535");
        }
        int port = parsed.port() > 0 ? parsed.port() : scheme.equals("https") ? 443 : 80;
        URI uri = URI.create(scheme + "://" + host.bracketed() + ":" + port + prefix(url.group(3)));
        return new BackendUrl(uri, host, port);
    }

    /** The scheme is what is left out most often. */
    private static String withScheme(String text) {
        try {
            return text.isEmpty()
                    ? ""
                    : "; did you mean " + parse("http://" + text).typed(text) + "?";
        } catch (InvalidValue e) {
            return "";
        }
    }

    private String typed(String text) {
        return uri.getScheme() + "://" + text;
    }

    /** Of a URL that is known to be one. */
    public static BackendUrl of(URI uri) {
        try {
            return parse(uri.toString());
        } catch (InvalidValue e) {
            throw new IllegalArgumentException(uri + " (expected: " + e.expected() + ")", e);
        }
    }

    private static String prefix(String path) throws InvalidValue {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        String prefix = path.substring(0, end);
        boolean dots = (prefix + "/").contains("/./") || (prefix + "/").contains("/../");
        if (dots || !SEGMENTS.matcher(prefix).matches()) {
            throw new InvalidValue("a path of URL characters, without . and .. segments");
        }
        if (prefix.length() > MAX_PATH) {
            throw new InvalidValue("a path of at most " + MAX_PATH + " characters");
        }
        return prefix;
    }
}
