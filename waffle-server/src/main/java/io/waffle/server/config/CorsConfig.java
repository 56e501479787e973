// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;
import java.util.List;

/**
 * What pages of other origins may do with what is served here (the CORS protocol of the Fetch standard). {@code *} among names is any.
 *
 * @param origins scheme, host and port, {@code *.} before a host being all below it
 * @param methods that may be asked by
 * @param headers that requests may have
 * @param credentials whether cookies may be sent along
 * @param expose headers of responses that pages may read
 * @param maxAge for which browsers may remember what they were told
 */
public record CorsConfig(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        boolean credentials,
        List<String> expose,
        Duration maxAge) {

    /** Stands for all. */
    public static final String ANY = "*";

    public CorsConfig {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        expose = List.copyOf(expose);
    }
}
