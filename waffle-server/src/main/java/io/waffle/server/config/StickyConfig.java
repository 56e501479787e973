// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How clients are kept with their backends by a cookie.
 *
 * @param cookie its name; empty for no such cookie
 * @param keyFile holds the secret its values are made with; empty for one made up at the start
 * @param maxAge how long clients keep it; zero for until they end
 * @param path the paths it is for
 * @param drain how long a backend that drains still gets the requests of clients that are kept with it
 * @param cacheable what is done about responses for shared caches that set the cookie
 */
public record StickyConfig(
        Optional<String> cookie,
        Optional<Path> keyFile,
        Duration maxAge,
        String path,
        SameSite sameSite,
        Duration drain,
        Cacheable cacheable) {

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

    public boolean enabled() {
        return cookie.isPresent();
    }

    /** What is odd and no error. */
    public Optional<String> warning() {
        return enabled() && keyFile.isEmpty()
                ? Optional.of(
                        "sticky cookies have a key of this process alone: after a restart, and by other instances,"
                                + " they are not known (" + Settings.STICKY_KEY_FILE.name()
                                + " gives them one that stays)")
                : Optional.empty();
    }
}
