// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How clients are kept with their backends by a cookie.
 *
 * @param cookie its name; empty for no such cookie
 * @param keyFiles hold secrets: values are made with the first, and known by all; empty for one made up at the start
 * @param maxAge how long clients keep it; zero for until they end
 * @param path the paths it is for
 * @param drain how long a backend that drains still gets the requests of clients that are kept with it
 * @param cacheable what is done about responses for shared caches that set the cookie
 */
public record StickyConfig(
        Optional<String> cookie,
        List<Path> keyFiles,
        Duration maxAge,
        String path,
        SameSite sameSite,
        Duration drain,
        Cacheable cacheable) {

    public StickyConfig {
        keyFiles = List.copyOf(keyFiles);
    }

    /** What is done about a response that caches may store which many share, if it sets the cookie. */
    public enum Cacheable {
        KEEP,
        NO_STORE
    }

    /** With which requests from other sites browsers send it. */
    public enum SameSite {
        LAX,
        STRICT,
        NONE
    }

    /** Whether browsers take a cookie of this name over https only, and with {@code Secure} (RFC 6265bis section 4.1.3). */
    public static boolean isForHttps(String cookie) {
        return isForHost(cookie) || cookie.regionMatches(true, 0, "__Secure-", 0, 9);
    }

    /** Whether browsers take it, beyond that, for all paths only. */
    static boolean isForHost(String cookie) {
        return cookie.regionMatches(true, 0, "__Host-", 0, 7);
    }

    public boolean enabled() {
        return cookie.isPresent();
    }

    /** What is odd and no error. */
    public Optional<String> warning() {
        return enabled() && keyFiles.isEmpty()
                ? Optional.of(
                        "sticky cookies have a key of this process alone: after a restart, and by other instances,"
                                + " they are not known (" + StickySettings.KEY_FILE.name()
                                + " gives them one that stays)")
                : Optional.empty();
    }
}
