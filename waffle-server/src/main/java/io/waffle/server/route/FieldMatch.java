// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.InvalidValue;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A condition on one header field, query parameter or cookie.
 *
 * @param name of a header field in lower case; letter case counts in the other two
 */
public record FieldMatch(String name, ValueMatch value) {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** On a header field. Of a field in several lines the value is all of them with {@code ", "} between (RFC 9110 section 5.3). */
    public static FieldMatch header(String name, ValueMatch value) throws InvalidValue {
        return new FieldMatch(token(name, "the name of a header field").toLowerCase(Locale.ROOT), value);
    }

    /** On the first query parameter of this name, both percent-decoded and with {@code +} for a space. */
    public static FieldMatch query(String name, ValueMatch value) throws InvalidValue {
        if (name.isEmpty()) {
            throw new InvalidValue("the name of a query parameter");
        }
        return new FieldMatch(name, value);
    }

    /** On the first cookie of this name, its value as it came (RFC 6265 section 4.2). */
    public static FieldMatch cookie(String name, ValueMatch value) throws InvalidValue {
        return new FieldMatch(token(name, "the name of a cookie"), value);
    }

    private static String token(String name, String expected) throws InvalidValue {
        if (!TOKEN.matcher(name).matches()) {
            throw new InvalidValue(expected);
        }
        return name;
    }

    @Override
    public String toString() {
        return name + value;
    }
}
