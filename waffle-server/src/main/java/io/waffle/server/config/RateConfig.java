// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.time.Duration;

/**
 * How often something may be asked for.
 *
 * @param name by which routes and the log call it, and by which it is counted, whichever routes go by it
 * @param count requests in each period
 * @param period how long
 * @param burst requests at once
 * @param key what is counted for itself
 * @param field the field or cookie of such a key; else empty
 * @param enforced whether those beyond it are refused, rather than told of
 */
public record RateConfig(String name, int count, Duration period, int burst, Key key, String field, boolean enforced) {

    /** What is counted for itself. */
    public enum Key {
        /** Each client: an IPv4 address, or the /64 of an IPv6 address. */
        CLIENT,
        /** Each route. */
        ROUTE,
        /** Each value of a field; a request without it counts for its client. */
        HEADER,
        /** Each value of a cookie; a request without it counts for its client. */
        COOKIE
    }

    /**
     * How often.
     *
     * @param count in each period
     */
    record Rate(int count, Duration period) {

        static final String FORM = "a number of 1 to 1000000 with /s, /m, /h or /d, such as 50/s";

        static Rate parse(String text) throws InvalidValue {
            int slash = text.indexOf('/');
            int count = slash < 0 ? -1 : Digits.number(text, 0, slash, 7);
            Duration period =
                    switch (slash < 0 ? "" : text.substring(slash + 1)) {
                        case "s" -> Duration.ofSeconds(1);
                        case "m" -> Duration.ofMinutes(1);
                        case "h" -> Duration.ofHours(1);
                        case "d" -> Duration.ofDays(1);
                        default -> Duration.ZERO;
                    };
            if (count < 1 || count > 1_000_000 || period.isZero()) {
                throw new InvalidValue(FORM);
            }
            return new Rate(count, period);
        }
    }

    /** What a key is given as: {@code client}, {@code route}, {@code header:NAME} or {@code cookie:NAME}. */
    record KeyOf(Key key, String field) {}

    /** As many at once as in a period, for each client, if it is given without a section of its own. */
    static RateConfig ofClients(String text) throws InvalidValue {
        Rate rate = Rate.parse(text);
        return new RateConfig(text, rate.count(), rate.period(), rate.count(), Key.CLIENT, "", true);
    }
}
