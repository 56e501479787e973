// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads settings from the sources. The strongest source that gives one wins; what the others give is read as well, so that a slip in a file does
 * not wait to be found until the day the flag is left out.
 */
final class Values {

    private final Sources sources;

    /** Each once, however often a setting is asked for: some are the defaults of others. */
    private final Collection<Problem> problems;

    private final Map<Setting<?>, Origin> origins = new HashMap<>();

    /** What the top has, of a section: of thousands, nearly all have nearly all from there. */
    private final Optional<Values> top;

    private final Map<Setting<?>, Optional<?>> found = new HashMap<>();
    private final Map<Setting<?>, List<?>> lists = new HashMap<>();
    private final Map<Setting<?>, Object> fallbacks = new HashMap<>();

    Values(Sources sources, Collection<Problem> problems) {
        this(sources, problems, Optional.empty());
    }

    private Values(Sources sources, Collection<Problem> problems, Optional<Values> top) {
        this.sources = sources;
        this.problems = problems;
        this.top = top;
    }

    /** Those of a section. */
    Values within(Sources section) {
        return new Values(section, problems, Optional.of(top.orElse(this)));
    }

    /** Whoever has this value for the section: the top, if the section does not say it. */
    private Optional<Values> inherited(Setting<?> setting) {
        Optional<Values> from = top.filter(above -> !sources.isOfSection(setting));
        from.filter(above -> above.origins.containsKey(setting))
                .ifPresent(above -> origins.putIfAbsent(setting, above.origin(setting)));
        return from;
    }

    /** The value; the default if none was given, or a wrong one. */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseGet(() -> top.orElse(this).fallback(setting));
    }

    /** The value; empty if none was given, or a wrong one. */
    @SuppressWarnings("unchecked") // under each setting is what its form reads
    <T> Optional<T> find(Setting<T> setting) {
        Optional<?> known = found.get(setting);
        if (known == null) {
            Optional<Values> from = inherited(setting);
            known = from.isPresent() ? from.get().find(setting) : read(setting);
            inherited(setting); // the top may only now have learned where it comes from
            found.put(setting, known);
        }
        return (Optional<T>) known;
    }

    private <T> Optional<T> read(Setting<T> setting) {
        List<Optional<T>> values = new ArrayList<>();
        for (List<RawValue> source : sources.of(setting)) {
            RawValue last = source.getLast();
            if (source.size() > 1) {
                problems.add(Problem.of(last.origin(), "given " + source.size() + " times", "once"));
            }
            origins.putIfAbsent(setting, last.origin());
            values.add(read(setting.form(), last));
        }
        return values.stream().findFirst().flatMap(strongest -> strongest);
    }

    /** The values of a list, without the wrong ones. */
    @SuppressWarnings("unchecked") // as above
    <T> List<T> list(Setting<T> setting) {
        List<?> known = lists.get(setting);
        if (known == null) {
            Optional<Values> from = inherited(setting);
            known = from.isPresent() ? from.get().list(setting) : readList(setting);
            inherited(setting);
            lists.put(setting, known);
        }
        return (List<T>) known;
    }

    private <T> List<T> readList(Setting<T> setting) {
        List<List<T>> all = new ArrayList<>();
        for (List<RawValue> source : sources.of(setting)) {
            origins.putIfAbsent(setting, source.getFirst().origin());
            all.add(source.stream()
                    .flatMap(given -> read(setting.form(), given).stream())
                    .toList());
        }
        return all.isEmpty() ? fallbacks(setting) : all.getFirst();
    }

    private <T> List<T> fallbacks(Setting<T> setting) {
        if (setting.fallback().isEmpty()) {
            return List.of();
        }
        RawValue all = new RawValue(setting.fallback(), origin(setting), sources.folder());
        return Sources.split(setting, all)
                .flatMap(given -> read(setting.form(), given).stream())
                .toList();
    }

    /** A file that has to be there. One that a stronger source overrides does not. */
    Optional<Path> file(Setting<Path> setting) {
        Optional<Path> path = find(setting);
        path.flatMap(FileChecks::unreadable)
                .ifPresent(reason -> problems.add(Problem.of(
                        origin(setting), path.map(Path::toString).orElse(""), "a file that can be read; " + reason)));
        return path;
    }

    /** Files that have to be there. */
    List<Path> files(Setting<Path> setting) {
        List<Path> paths = list(setting);
        for (Path path : paths) {
            FileChecks.unreadable(path)
                    .ifPresent(reason -> problems.add(
                            Problem.of(origin(setting), path.toString(), "a file that can be read; " + reason)));
        }
        return paths;
    }

    /** A value that stands in a section of the file and nowhere else. */
    <T> Optional<T> at(FileNode section, String key, Setting<T> setting) {
        return section.find(key).filter(FileNode::isScalar).flatMap(node -> {
            origins.putIfAbsent(setting, node.origin());
            return read(setting.form(), node.given());
        });
    }

    /** The values of a list that stands in a section of the file and nowhere else, without the wrong ones. */
    <T> List<T> items(FileNode section, Setting<T> setting) {
        Optional<FileNode> at = section.find(setting.key());
        if (at.isEmpty()) {
            return List.of(); // as nearly all are of thousands of routes
        }
        FileNode found = at.get();
        return found.items().stream()
                .filter(FileNode::isScalar)
                .flatMap(item -> found.isList() ? Stream.of(item.given()) : Sources.split(setting, item.given()))
                .flatMap(given -> read(setting.form(), given).stream())
                .toList();
    }

    /** A value that is part of another's. */
    <T> Optional<T> read(Form<T> form, RawValue given) {
        try {
            return Optional.of(form.read(given));
        } catch (InvalidValue e) {
            problems.add(Problem.of(given.origin(), given.text(), e.expected() + aboutVariables(given)));
            return Optional.empty();
        }
    }

    private static String aboutVariables(RawValue given) {
        boolean meant =
                given.origin().source() == Origin.Source.FILE && given.text().contains("${");
        return meant
                ? "; nothing is put in place of ${...} in a file, but each setting has a variable: WAFFLE_BACKENDS, WAFFLE_LISTEN"
                        + " and so on"
                : "";
    }

    boolean given(Setting<?> setting) {
        return origins.containsKey(setting);
    }

    /** Where the value comes from, as far as it was asked for. */
    Origin origin(Setting<?> setting) {
        return origins.getOrDefault(setting, new Origin(Origin.Source.DEFAULT, 0, setting.name()));
    }

    Map<Setting<?>, Origin> origins() {
        return Map.copyOf(origins);
    }

    void cameFrom(Setting<?> setting, Origin origin) {
        origins.putIfAbsent(setting, origin);
    }

    @SuppressWarnings("unchecked") // as above
    private <T> T fallback(Setting<T> setting) {
        return (T) fallbacks.computeIfAbsent(setting, this::readFallback);
    }

    private Object readFallback(Setting<?> setting) {
        try {
            return setting.form().read(new RawValue(setting.fallback(), origin(setting), sources.folder()));
        } catch (InvalidValue e) {
            throw new IllegalStateException("the default of " + setting.name() + " is wrong", e);
        }
    }
}
