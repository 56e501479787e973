// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.List;

/** A colour for each proxy, told apart by everybody (after Okabe and Ito), and a way to draw its line for those who see none. */
final class Colours {

    private static final List<String> NAMES =
            List.of(Waffle.NAME, "nginx", "haproxy", "caddy", "undertow", Waffle.JDK_SCHEDULER, "floor");
    private static final List<String> COLOURS =
            List.of("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#7a5c00", "#e69f00", "#777777");
    private static final List<String> DASHES = List.of("", "9 3", "3 3", "12 3 3 3", "1 4", "6 6", "2 2");

    private Colours() {}

    static String of(String proxy) {
        return COLOURS.get(index(proxy));
    }

    /** For {@code stroke-dasharray}; Waffle's line is whole. */
    static String dash(String proxy) {
        return DASHES.get(index(proxy));
    }

    private static int index(String proxy) {
        int index = NAMES.indexOf(proxy);
        return index >= 0 ? index : Math.floorMod(proxy.hashCode(), NAMES.size());
    }
}
