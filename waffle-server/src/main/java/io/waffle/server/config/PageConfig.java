// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What clients get to read, from a file, with what was in it when it was read. Immutable. */
public final class PageConfig {

    private final Path file;
    private final String contentType;
    private final byte[] content;

    PageConfig(Path file, String contentType, byte[] content) {
        this.file = file;
        this.contentType = contentType;
        this.content = content;
    }

    /** The same with another type. */
    PageConfig as(String type) {
        return new PageConfig(file, type, content);
    }

    /** Where it was read. */
    public Path file() {
        return file;
    }

    /** As a {@code Content-Type} field says it. */
    public String contentType() {
        return contentType;
    }

    /** What was there. Not to be changed. */
    public byte[] content() {
        return content;
    }

    /** A file that has changed makes another page. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PageConfig page
                && file.equals(page.file)
                && contentType.equals(page.contentType)
                && Arrays.equals(content, page.content);
    }

    @Override
    public int hashCode() {
        return 31 * file.hashCode() + Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return file + " (" + contentType + ", " + content.length + " bytes)";
    }
}
