// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as they are written: bytes, or powers of 1024 with the unit of IEC 80000-13, so that nobody has to guess what a K is. */
final class Sizes {

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,18})(KiB|MiB|GiB|TiB|)");

    private Sizes() {}

    static Optional<Long> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int shift =
                switch (matcher.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    case "TiB" -> 40;
                    default -> 0;
                };
        long number = Long.parseLong(matcher.group(1));
        return number > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(number << shift);
    }
}
