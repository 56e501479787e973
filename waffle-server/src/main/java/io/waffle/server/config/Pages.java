// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the files clients get to read, each once however many routes name it. */
final class Pages {

    private static final int MOST = 1 << 20;

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "htm", "text/html; charset=utf-8",
            "json", "application/json",
            "xml", "application/xml",
            "svg", "image/svg+xml");

    private static final String PLAIN = "text/plain; charset=utf-8";

    private final Map<Path, Optional<PageConfig>> read = new HashMap<>();
    private final Values values;
    private final Collection<Problem> problems;

    Pages(Values values, Collection<Problem> problems) {
        this.values = values;
        this.problems = problems;
    }

    /** The page of a file, which is named there. */
    Optional<PageConfig> of(Path file, Origin origin) {
        Optional<PageConfig> known = read.get(file);
        if (known != null && known.isPresent()) {
            return known;
        }
        Optional<PageConfig> page = read(file, origin);
        read.put(file, page);
        return page;
    }

    private Optional<PageConfig> read(Path file, Origin origin) {
        Optional<String> reason = FileChecks.unreadable(file);
        if (reason.isEmpty()) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MOST + 1);
                if (content.length <= MOST) {
                    return Optional.of(new PageConfig(file, type(file), content));
                }
                problems.add(Problem.of(origin, file.toString(), "a file of at most 1 MiB"));
                return Optional.empty();
            } catch (IOException e) {
                reason = Optional.of(IoReason.of(e));
            }
        }
        problems.add(Problem.of(origin, file.toString(), "a file that can be read; " + reason.get()));
        return Optional.empty();
    }

    private static String type(Path file) {
        String name = file.toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, PLAIN);
    }

    /** Those of a mapping of statuses to files. */
    Map<StatusRange, PageConfig> errors(FileNode node) {
        Map<StatusRange, PageConfig> pages = new HashMap<>();
        List<StatusRange> seen = new ArrayList<>();
        node.words().forEach((key, given) -> {
            RawValue status = new RawValue(key, given.origin(), given.folder());
            Optional<StatusRange> range = values.read(RouteForms.ERROR_STATUSES, status);
            range.flatMap(found -> clash(found, seen))
                    .ifPresent(other -> problems.add(Problem.of(
                            given.origin(),
                            key,
                            "statuses within those of " + other + ", around them, or apart from them")));
            range.ifPresent(seen::add);
            Optional<PageConfig> page =
                    values.read(RoutePolicySettings.ERRORS.form(), given).flatMap(file -> of(file, given.origin()));
            if (range.isPresent() && page.isPresent()) {
                pages.put(range.get(), page.get());
            }
        });
        return pages;
    }

    /** One that overlaps with it and is not the narrower or the wider one. */
    private static Optional<String> clash(StatusRange range, List<StatusRange> others) {
        return others.stream()
                .filter(other -> range.least() <= other.most() && other.least() <= range.most())
                .filter(other -> range.equals(other) || !(within(range, other) || within(other, range)))
                .map(other -> other.least() + "-" + other.most())
                .findFirst();
    }

    private static boolean within(StatusRange inner, StatusRange outer) {
        return outer.least() <= inner.least() && inner.most() <= outer.most();
    }
}
