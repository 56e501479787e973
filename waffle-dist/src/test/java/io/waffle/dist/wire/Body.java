// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.util.List;

/**
 * A body with its framing taken off.
 *
 * @param text its bytes, one char a byte
 * @param chunks sizes as they came, without the last
 */
record Body(Framing framing, String text, List<Integer> chunks, List<Field> trailers) {

    static final Body NONE = new Body(Framing.NONE, "", List.of(), List.of());

    /** How the end of a body is told. */
    enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }
}
