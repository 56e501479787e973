// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.ArrayList;
import java.util.List;

/** The rows of a part of the table of {@link Settings}, in their order. */
final class SettingTable {

    private final List<Setting<?>> rows = new ArrayList<>();

    <T> Setting<T> add(Setting<T> row) {
        rows.add(row);
        return row;
    }

    List<Setting<?>> rows() {
        return List.copyOf(rows);
    }
}
