// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.URI;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The URL of a backend in its one normal spelling, so that two backends are the same if their texts are.
 *
 * <p>Not read by {@link URI#getHost()}, which knows no underscores, and so none of the service names of container networks.
 *
 * @param uri {@code unix:/run/app.sock}, with {@code :/prefix} if need be; or {@code http} or {@code https}, a host, an explicit port (the scheme's default is filled in), and a path prefix that is empty or
 *     begins with a slash and does not end with one
 * @param host its host
 * @param port its port; -1 if it has none
 * @param name what is behind its scheme, without an {@code @}, which is before an address elsewhere
 */
public record BackendUrl(URI uri, Host host, int port, String name) {

    /** Bytes of a path prefix: it is written into each request, whose size is bounded. */
    static final int MAX_PATH = 512;

    private static final String SEPARATOR = "://";

    /** Beside letters, digits and what is behind a percent sign (RFC 3986 section 3.3). */
    private static final String PATH_CHARACTERS = "-._~!$&'()*+,;=:@/";

    private static final String FORM = "http://HOST[:PORT][/PREFIX] or https://";

    /** Before the path of a socket. */
    private static final String UNIX = "unix:";

    /** In place of the port of a socket. */
    private static final int NONE = -1;

    static BackendUrl parse(String text) throws InvalidValue {
        if (text.startsWith(UNIX)) {
            return unix(text.substring(UNIX.length()));
        }
        int schemeEnd = Math.max(0, text.indexOf(SEPARATOR));
        String scheme = text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidValue(FORM + withScheme(text));
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new InvalidValue("no query and no fragment: " + FORM);
        }
        int begin = schemeEnd + SEPARATOR.length();
        int slash = text.indexOf('/', begin);
        int end = slash < 0 ? text.length() : slash;
        String authority = text.substring(begin, end);
        if (authority.indexOf('@') >= 0) {
            throw new InvalidValue("no user information: " + FORM);
        }
        HostPort parsed = HostPort.parse(authority);
        Host host = parsed.host().orElseThrow(() -> new InvalidValue("a host: " + FORM));
        if (parsed.port() == 0) {
            throw new InvalidValue("a port of 1 to 65535");
        }
        int port = parsed.port() > 0 ? parsed.port() : scheme.equals("https") ? 443 : 80;
        String rest = host.bracketed() + ":" + port + prefix(text.substring(end));
        return new BackendUrl(URI.create(scheme + SEPARATOR + rest), host, port, rest.replace("@", "%40"));
    }

    /** A path, and behind a colon the prefix of what is asked for there. */
    private static BackendUrl unix(String text) throws InvalidValue {
        int end = text.indexOf(':');
        Host socket = Host.LocalSocket.parse(end < 0 ? text : text.substring(0, end));
        String rest = end < 0 ? "" : text.substring(end + 1);
        if (!rest.isEmpty() && !rest.startsWith("/")) {
            throw new InvalidValue("unix:/PATH[:/PREFIX]");
        }
        String prefix = prefix(rest);
        String whole = UNIX + socket.text() + (prefix.isEmpty() ? "" : ":" + prefix);
        return new BackendUrl(URI.create(whole), socket, NONE, whole.replace("@", "%40"));
    }

    /** The path prefix of what is asked for there; empty for none. */
    public String path() {
        if (host instanceof Host.LocalSocket socket) {
            return uri.getRawPath()
                    .substring(Math.min(
                            socket.text().length() + 1, uri.getRawPath().length()));
        }
        return uri.getRawPath();
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
        return uri.getScheme() + SEPARATOR + text;
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
        if (dots || !isPath(prefix)) {
            throw new InvalidValue("a path of URL characters, without . and .. segments");
        }
        if (prefix.length() > MAX_PATH) {
            throw new InvalidValue("a path of at most " + MAX_PATH + " characters");
        }
        return prefix;
    }

    private static boolean isPath(String text) {
        int i = 0;
        while (i < text.length()) {
            if (text.charAt(i) != '%') {
                if (!isOfPath(text.charAt(i))) {
                    return false;
                }
                i++;
            } else {
                if (i + 2 >= text.length()
                        || !HexFormat.isHexDigit(text.charAt(i + 1))
                        || !HexFormat.isHexDigit(text.charAt(i + 2))) {
                    return false;
                }
                i += 3;
            }
        }
        return true;
    }

    private static boolean isOfPath(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PATH_CHARACTERS.indexOf(c) >= 0;
    }
}
