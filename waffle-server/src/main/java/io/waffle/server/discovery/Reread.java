// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a file says, read anew when it has changed; what an empty file says while there is none. Threading: any thread. */
final class Reread<T> {

    private final Path file;
    private final Function<String, T> parse;
    private volatile @Nullable State<T> last;

    private record State<T>(String attributes, T value) {}

    Reread(Path file, Function<String, T> parse) {
        this.file = file;
        this.parse = parse;
    }

    T get() {
        String now = attributes();
        State<T> known = last;
        if (known != null && known.attributes().equals(now)) {
            return known.value();
        }
        State<T> read = new State<>(now, parse.apply(text()));
        last = read;
        return read.value();
    }

    private String attributes() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
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
