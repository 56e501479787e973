// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a usage line says about one option. */
record OptionForm(boolean required, boolean hasValue) {

    static Map<String, OptionForm> of(String usage) {
        Map<String, OptionForm> forms = new LinkedHashMap<>();
        for (String word : usage.split(" ", -1)) {
            boolean optional = word.startsWith("[");
            String name = word.replaceAll("[\\[\\]]", "");
            if (name.startsWith("--")) {
                forms.put(name, new OptionForm(!optional, !word.endsWith("]")));
            }
        }
        return forms;
    }
}
