// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which clients are served; each file, and each list made of the same, once, however many routes go by it. */
final class AccessLists {

    private final Collection<Problem> problems;
    private final Map<Path, List<Cidr>> files = new HashMap<>();
    private final Map<Listed, CidrSet> sets = new HashMap<>();

    private record Listed(List<Cidr> blocks, List<Path> files) {}

    AccessLists(Collection<Problem> problems) {
        this.problems = problems;
    }

    /** Of a route. */
    AccessConfig read(Values values) {
        return read(
                listed(values, AccessSettings.ALLOW, AccessSettings.ALLOW_FILE),
                values.origin(AccessSettings.ALLOW_FILE),
                listed(values, AccessSettings.DENY, AccessSettings.DENY_FILE),
                values.origin(AccessSettings.DENY_FILE));
    }

    /** Of a listener, which has them for itself. */
    AccessConfig read(FileNode section, Values values) {
        return read(
                new Listed(
                        values.items(section, ListenerSettings.ALLOW),
                        values.items(section, ListenerSettings.ALLOW_FILE)),
                origin(section, ListenerSettings.ALLOW_FILE),
                new Listed(
                        values.items(section, ListenerSettings.DENY),
                        values.items(section, ListenerSettings.DENY_FILE)),
                origin(section, ListenerSettings.DENY_FILE));
    }

    private static Origin origin(FileNode section, Setting<?> setting) {
        return section.find(setting.key()).orElse(section).origin();
    }

    private AccessConfig read(Listed allow, Origin allowedAt, Listed deny, Origin deniedAt) {
        boolean limited = !allow.blocks().isEmpty() || !allow.files().isEmpty();
        if (!limited && deny.blocks().isEmpty() && deny.files().isEmpty()) {
            return AccessConfig.EVERYBODY;
        }
        CidrSet denied = set(deny, deniedAt);
        return limited
                ? new AccessConfig(Optional.of(set(allow, allowedAt)), denied)
                : new AccessConfig(Optional.empty(), denied);
    }

    private static Listed listed(Values values, Setting<Cidr> blocks, Setting<Path> files) {
        return new Listed(values.list(blocks), values.list(files));
    }

    private CidrSet set(Listed listed, Origin origin) {
        return sets.computeIfAbsent(listed, all -> {
            List<Cidr> blocks = new ArrayList<>(all.blocks());
            all.files()
                    .forEach(file ->
                            blocks.addAll(files.computeIfAbsent(file, each -> CidrFile.read(each, origin, problems))));
            return CidrSet.of(blocks);
        });
    }

    /** The files that were read. */
    List<Path> files() {
        return List.copyOf(files.keySet());
    }
}
