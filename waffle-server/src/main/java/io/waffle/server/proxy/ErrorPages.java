// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.PageConfig;
import io.waffle.server.config.StatusRange;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What clients get to read in place of a line of text when Waffle answers with a status from 400 on. Immutable. */
final class ErrorPages {

    private static final int FIRST = 400;

    private final @Nullable Page[] pages;

    private ErrorPages(@Nullable Page[] pages) {
        this.pages = pages;
    }

    /** Those of an operator; the narrower of two ranges counts. */
    static ErrorPages of(Map<StatusRange, PageConfig> configured) {
        return new ErrorPages(new Page[configured.isEmpty() ? 0 : 200]).with(configured);
    }

    /** These, and others that go before them. */
    ErrorPages with(Map<StatusRange, PageConfig> configured) {
        if (configured.isEmpty()) {
            return this;
        }
        @Nullable Page[] all = new Page[200];
        System.arraycopy(pages, 0, all, 0, pages.length);
        configured.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> -width(entry.getKey())))
                .forEach(entry -> {
                    Page page = Page.of(entry.getValue());
                    for (int status = entry.getKey().least();
                            status <= entry.getKey().most();
                            status++) {
                        all[status - FIRST] = page;
                    }
                });
        return new ErrorPages(all);
    }

    private static int width(StatusRange range) {
        return range.most() - range.least();
    }

    /** The page of this status; null if there is none. */
    @Nullable
    Page find(int status) {
        int at = status - FIRST;
        return at < 0 || at >= pages.length ? null : pages[at];
    }
}
