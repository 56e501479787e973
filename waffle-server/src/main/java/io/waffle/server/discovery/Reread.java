// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.loop.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a file says, read anew when it has changed, which is looked for ten times a second at most; what an empty file says while there is
 * none. Threading: any thread.
 */
final class Reread<T> {

    /** So many names are looked up at one moment that to look at the file for each is much of what that costs. */
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final Path file;
    private final Function<String, T> parse;
    private volatile @Nullable State<T> last;

    private record State<T>(String attributes, T value, long looked) {}

    Reread(Path file, Function<String, T> parse) {
        this.file = file;
        this.parse = parse;
    }

    T get() {
        long now = Deadline.now();
        State<T> known = last;
        if (known != null && now - known.looked() < OFTEN.toNanos()) {
            return known.value();
        }
        String there = attributes();
        T value = known != null && known.attributes().equals(there) ? known.value() : parse.apply(text());
        State<T> read = new State<>(there, value, now);
        last = read;
        return read.value();
    }

    private String attributes() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.size() + " "
                    + now.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            return "none";
        }
    }

    private String text() {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1); // comments may be in any encoding
        } catch (IOException e) {
            return "";
        }
    }
}
