// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the URL of a backend into its one normal spelling, so that two backends are the same if their texts are.
 *
 * <p>Not {@link URI#getHost()}, which knows no underscores, and so none of the service names of container networks.
 */
final class BackendUrl {

    private static final Pattern URL = Pattern.compile("(?i)(https?)://([^/?#]*)([^?#]*)(.*)");
    private static final Pattern PATH = Pattern.compile("(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*");
    private static final String FORM = "http://HOST[:PORT][/PREFIX] or https://";

    private BackendUrl() {}

    static URI parse(String text) throws InvalidValue {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new InvalidValue(FORM);
        }
        if (!url.group(4).isEmpty()) {
            throw new InvalidValue("no query and no fragment: " + FORM);
        }
        if (url.group(2).contains("@")) {
            throw new InvalidValue("no user information: " + FORM);
        }
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        return URI.create(scheme + "://" + authority(url.group(2), scheme) + prefix(url.group(3)));
    }

    private static String authority(String text, String scheme) throws InvalidValue {
        HostPort parsed = HostPort.parse(text);
        if (parsed.host().isEmpty()) {
            throw new InvalidValue("a host: " + FORM);
        }
        if (parsed.port() == 0) {
            throw new InvalidValue("a port of 1 to 65535");
        }
        int port = parsed.port() > 0 ? parsed.port() : scheme.equals("https") ? 443 : 80;
        return (parsed.host().contains(":") ? "[" + parsed.host() + "]" : parsed.host()) + ":" + port;
    }

    private static String prefix(String path) throws InvalidValue {
        String prefix = path.replaceAll("/+$", "");
        if (!PATH.matcher(prefix).matches() || (prefix + "/").matches(".*/\\.\\.?/.*")) {
            throw new InvalidValue("a path of URL characters, without . and .. segments");
        }
        return prefix;
    }
}
