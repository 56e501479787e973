// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is changed in the fields of heads in one direction.
 *
 * @param add fields that are put in besides those of the same name, in this order
 * @param set fields that are put in in place of those of the same name, before the others
 * @param remove names of fields that are taken out
 */
public record HeaderEdits(Map<String, String> add, Map<String, String> set, List<String> remove) {

    public HeaderEdits {
        add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        remove = List.copyOf(remove);
    }

    /** How many bytes are put in, with the ends of the lines. */
    int length() {
        return length(add) + length(set);
    }

    private static int length(Map<String, String> fields) {
        int length = 0;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            length += field.getKey().length() + field.getValue().length() + ": \r\n".length();
        }
        return length;
    }
}
