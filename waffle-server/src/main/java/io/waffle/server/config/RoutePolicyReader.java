// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what else a route does with its requests, from its section. */
final class RoutePolicyReader {

    private final Values values;
    private final FileNode node;
    private final Pages pages;

    RoutePolicyReader(Values values, FileNode node, Pages pages) {
        this.values = values;
        this.node = node;
        this.pages = pages;
    }

    MaintenanceConfig maintenance() {
        Optional<FileNode> found = node.find("maintenance");
        if (found.isEmpty()) {
            return MaintenanceConfig.NONE;
        }
        FileNode at = found.get();
        if (!at.isMapping()) {
            return MaintenanceConfig.NONE.enabled(values.at(node, "maintenance", RoutePolicySettings.MAINTENANCE)
                    .orElse(false));
        }
        Optional<String> type = values.at(at, "content_type", RoutePolicySettings.MAINTENANCE_TYPE);
        return new MaintenanceConfig(
                values.at(at, "enabled", RoutePolicySettings.MAINTENANCE_ENABLED)
                        .orElse(false),
                values.at(at, "retry_after", RoutePolicySettings.MAINTENANCE_RETRY_AFTER)
                        .orElse(MaintenanceConfig.NONE.retryAfter()),
                page(at).map(page -> type.map(page::as).orElse(page)),
                except(at));
    }

    Optional<CorsConfig> cors(Collection<Problem> problems) {
        return node.find("cors").filter(FileNode::isMapping).map(at -> {
            CorsConfig cors = new CorsConfig(
                    values.items(at, RoutePolicySettings.CORS_ORIGINS),
                    orAny(values.items(at, RoutePolicySettings.CORS_METHODS)),
                    orAny(values.items(at, RoutePolicySettings.CORS_HEADERS)),
                    values.at(at, "credentials", RoutePolicySettings.CORS_CREDENTIALS)
                            .orElse(false),
                    values.items(at, RoutePolicySettings.CORS_EXPOSE),
                    values.at(at, "max_age", RoutePolicySettings.CORS_MAX_AGE).orElse(Duration.ofSeconds(5)));
            if (at.find("origins").isEmpty()) {
                problems.add(Problem.of(at.origin(), "no origins", "those whose pages are let, or '*'"));
            }
            List<String> methods = values.items(node, RouteSettings.METHOD);
            if (!methods.isEmpty() && !methods.contains("OPTIONS")) {
                problems.add(
                        Problem.of(at.origin(), "no OPTIONS", "it among the methods of the route: browsers ask by it"));
            }
            return cors;
        });
    }

    /** Who chooses among the backends of its pools, if the route says so. */
    Optional<StrategyOptions.Read> loadBalancing(Collection<Problem> problems) {
        Optional<FileNode> found = node.find("load_balancing").filter(FileNode::isMapping);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        FileNode at = found.get();
        if (node.find("respond").isPresent() || node.find("redirect").isPresent()) {
            problems.add(Problem.of(at.origin(), "beside an answer of its own", "it in a route that leads to pools"));
        }
        if (at.find("strategy").isEmpty()) {
            problems.add(Problem.of(at.origin(), "no strategy", "the name of one, also where only its options differ"));
        }
        return values.at(at, "strategy", RoutePolicySettings.STRATEGY)
                .map(name -> StrategyOptions.Read.of(
                        name, at.find("options").map(FileNode::words).orElse(Map.of())));
    }

    /** @param known the names of the pools there are */
    Optional<MirrorConfig> mirror(Collection<String> known, Collection<Problem> problems) {
        return node.find("mirror").map(at -> {
            Map<String, Integer> pools = new LinkedHashMap<>();
            if (at.isScalar()) {
                pools.put(at.given().text(), MirrorConfig.ALL);
            } else {
                at.words().forEach((pool, given) -> values.read(RoutePolicySettings.MIRROR.form(), given)
                        .ifPresent(share -> pools.put(pool, share)));
            }
            pools.keySet().stream()
                    .filter(pool -> !known.contains(pool))
                    .forEach(pool -> problems.add(
                            Problem.unknown(at.origin(), "pool", pool, known, "one of " + String.join(", ", known))));
            long body = values.at(node, "mirror_body", RoutePolicySettings.MIRROR_BODY)
                    .orElse(65_536L);
            return new MirrorConfig(pools, Math.toIntExact(body));
        });
    }

    private static List<String> orAny(List<String> names) {
        return names.isEmpty() ? List.of(CorsConfig.ANY) : names;
    }

    private Optional<PageConfig> page(FileNode at) {
        Optional<Path> file = values.at(at, "file", RoutePolicySettings.MAINTENANCE_FILE);
        return file.flatMap(path -> pages.of(path, at.find("file").orElseThrow().origin()));
    }

    private List<Cidr> except(FileNode at) {
        return values.items(at, RoutePolicySettings.MAINTENANCE_EXCEPT);
    }
}
