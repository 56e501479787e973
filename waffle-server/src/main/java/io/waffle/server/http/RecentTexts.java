// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Short texts that were read out of heads lately, so that to read one again allocates nothing: what a strategy looks at, such as a tenant or a shard,
 * comes again and again. Direct-mapped, in two places by hash: a text that is met puts another out, and no search is long.
 *
 * <p>Holds {@link #PLACES} texts of {@link #LONGEST} characters at the most. What is longer is read anew each time.
 *
 * <p>Threading: any thread, without synchronisation: a place holds an immutable object, which is looked at before it is believed.
 */
public final class RecentTexts {

    static final int PLACES = 1 << 10;
    static final int LONGEST = 128;

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    private final @Nullable Optional<String>[] places = new Optional[PLACES];

    /** The text of these bytes, each byte one char. */
    Optional<String> text(ByteBuffer buf, int from, int to) {
        if (to - from > LONGEST) {
            return Optional.of(Ascii.text(buf, from, to));
        }
        int place = hash(buf, from, to);
        Optional<String> first = places[place];
        if (first != null && isThat(first.get(), buf, from, to)) {
            return first;
        }
        Optional<String> second = places[place ^ 1];
        if (second != null && isThat(second.get(), buf, from, to)) {
            return second;
        }
        Optional<String> read = Optional.of(Ascii.text(buf, from, to));
        places[place ^ 1] = first;
        places[place] = read;
        return read;
    }

    private static boolean isThat(String text, ByteBuffer buf, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != (buf.get(from + i) & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(ByteBuffer buf, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + buf.get(i);
        }
        hash *= 0x9E37_79B9;
        return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PLACES));
    }
}
