// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Scope;
import java.util.ArrayList;
import java.util.List;

/** The rows of a part of the table of {@link Settings}, in their order. */
final class SettingTable {

    private final List<Setting<?>> rows = new ArrayList<>();
    private final Scope scope;

    /** Of settings that are about the process, as far as nothing else is said of one. */
    SettingTable() {
        this(Scope.PROCESS);
    }

    /** @param scope of each setting of which nothing else is said */
    SettingTable(Scope scope) {
        this.scope = scope;
    }

    <T> Setting<T> add(Setting<T> row) {
        return add(scope, row);
    }

    <T> Setting<T> add(Scope of, Setting<T> row) {
        Setting<T> scoped = row.within(of);
        rows.add(scoped);
        return scoped;
    }

    List<Setting<?>> rows() {
        return List.copyOf(rows);
    }
}
