// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.util.stream.Stream;

/** Flags that several tests give, by what they are for. */
final class Options {
    static final String[] IMPATIENT = {
        "-timeout-request-head", "1s",
        "-timeout-keep-alive", "1s",
        "-timeout-first-byte", "1s",
        "-timeout-body", "2s",
        "-timeout-tunnel", "2s"
    };

    static final String[] SMALL = {"-limit-fields", "8", "-limit-request-body", "1000"};

    static final String[] STICKY = {"-sticky-cookie", "w"};

    private Options() {}

    /** These flags, then those. */
    static String[] with(String[] flags, String... more) {
        return Stream.concat(Stream.of(flags), Stream.of(more)).toArray(String[]::new);
    }
}
