// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.RateConfig.KeyOf;
import io.waffle.server.config.RateConfig.Rate;
import java.util.List;
import java.util.regex.Pattern;

/** The forms of values that are about rates. */
final class RateForms {

    /** What is done about a request beyond a rate. */
    enum Mode {
        ENFORCE,
        LOG
    }

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final String KEYS = "client, route, header:NAME or cookie:NAME";

    static final Form<Rate> RATE = new Form<>("RATE", Rate.FORM, given -> Rate.parse(given.text()));

    static final Form<String> NAME_OR_RATE =
            new Form<>("NAME", "a name of limits.rates, or a rate such as 50/s", given -> {
                if (!NAME.matcher(given.text()).matches()) {
                    try {
                        Rate.parse(given.text());
                    } catch (InvalidValue e) {
                        throw new InvalidValue("a name of limits.rates, or " + e.expected());
                    }
                }
                return given.text();
            });

    static final Form<KeyOf> KEY = new Form<>("KEY", KEYS, given -> {
        String text = given.text();
        for (RateConfig.Key plain : List.of(RateConfig.Key.CLIENT, RateConfig.Key.ROUTE)) {
            if (text.equals(LoggingConfig.written(plain))) {
                return new KeyOf(plain, "");
            }
        }
        for (RateConfig.Key named : List.of(RateConfig.Key.HEADER, RateConfig.Key.COOKIE)) {
            String prefix = LoggingConfig.written(named) + ":";
            if (text.startsWith(prefix)
                    && TOKEN.matcher(text.substring(prefix.length())).matches()) {
                return new KeyOf(named, text.substring(prefix.length()));
            }
        }
        throw new InvalidValue(KEYS);
    });

    private RateForms() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
