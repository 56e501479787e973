// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import io.waffle.api.InvalidOptionException;
import io.waffle.api.Options;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;
import io.waffle.server.config.Nearest;
import io.waffle.server.config.StrategyConfig;
import io.waffle.server.config.Synonyms;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The strategies there are. A broken plugin is a {@link #problems problem} to report; it becomes an error only when what it would have
 * provided is configured.
 *
 * <p>Threading: immutable, but {@link #create} calls providers, which want one thread at a time.
 */
public final class Plugins {

    /** Any thread may use it, as the SPI promises: it holds no state. */
    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private static final System.Logger LOG = System.getLogger("io.waffle.pool");

    /** What a check leaves in place of a strategy. */
    private static final Strategy NONE = backends -> request -> backends.getFirst();

    private final List<PluginFinder.Searched> searched;
    private final List<FoundProvider> found;
    private final List<String> problems;

    private Plugins(List<PluginFinder.Searched> searched, List<FoundProvider> found) {
        this.searched = List.copyOf(searched);
        this.found = List.copyOf(found);
        problems = searched.stream().flatMap(place -> place.problems().stream()).toList();
    }

    /**
     * Finds all strategies, on the server's own path and in the plugins folder.
     *
     * @param pluginsFolder empty to use none
     */
    public static Plugins load(Optional<Path> pluginsFolder) {
        return of(search(List.of(), pluginsFolder));
    }

    /**
     * Looks at the plugins folder once more. What is new there, or has changed on disk since it was loaded, is loaded, and the log says which that
     * is; what has not changed is kept as it is.
     *
     * @return this, if nothing has changed
     */
    public Plugins refreshed(Optional<Path> pluginsFolder) {
        PluginFinder finder = search(searched, pluginsFolder);
        if (finder.searched().equals(searched)) {
            return this;
        }
        finder.changed()
                .forEach(plugin -> LOG.log(Level.INFO, "plugin " + plugin + " has changed on disk: it is loaded anew"));
        return of(finder);
    }

    /** Whether a name stands for the same code as it did with those. */
    public boolean isSame(Plugins others, String name) {
        return providers(name).equals(others.providers(name));
    }

    private List<StrategyProvider> providers(String name) {
        return found.stream()
                .filter(one -> one.info().name().equals(name))
                .map(FoundProvider::provider)
                .toList();
    }

    private static PluginFinder search(List<PluginFinder.Searched> before, Optional<Path> pluginsFolder) {
        PluginFinder finder = new PluginFinder(before);
        finder.searchServerPath();
        pluginsFolder.ifPresent(
                folder -> finder.searchFolder(folder.toAbsolutePath().normalize()));
        return finder;
    }

    private static Plugins of(PluginFinder finder) {
        List<FoundProvider> distinct = new ArrayList<>();
        for (PluginFinder.Searched place : finder.searched()) {
            for (FoundProvider provider : place.found()) {
                if (distinct.stream().noneMatch(provider::isSameAs)) {
                    distinct.add(provider);
                }
            }
        }
        distinct.sort(Plugins::inOrder);
        return new Plugins(finder.searched(), distinct);
    }

    /** By hand, as each comparator that the library puts together is spun as code at each start. */
    private static int inOrder(FoundProvider one, FoundProvider other) {
        int byName = one.info().name().compareTo(other.info().name());
        return byName != 0
                ? byName
                : one.info().location().compareTo(other.info().location());
    }

    /** What was found, sorted by name. */
    public List<StrategyInfo> strategies() {
        return found.stream().map(FoundProvider::info).toList();
    }

    /** What could not be loaded: a line each, with the jar and the reason. */
    public List<String> problems() {
        return problems;
    }

    /**
     * Says what is wrong with the configured strategy; leaves none. By what its provider says of options, if it does; else one is made and
     * closed.
     *
     * @throws StrategyException as {@link #create}
     */
    public void check(StrategyConfig config, String pool) throws StrategyException {
        FoundProvider chosen = find(config.name());
        if (chosen.validates()) {
            read(config, chosen, options -> {
                chosen.validate(options);
                return NONE;
            });
        } else {
            closeUnused(create(config, pool));
        }
    }

    /**
     * Makes the configured strategy.
     *
     * @throws StrategyException with everything that is wrong with the name or the options, or with what broke the plugin
     */
    public Strategy create(StrategyConfig config, String pool) throws StrategyException {
        FoundProvider chosen = find(config.name());
        return read(config, chosen, options -> chosen.create(new Context(pool, options)));
    }

    private static Strategy read(StrategyConfig config, FoundProvider chosen, Function<Options, @Nullable Strategy> how)
            throws StrategyException {
        List<String> errors = new ArrayList<>();
        Map<String, String> values = new HashMap<>(config.options());
        while (true) {
            Options options = Options.of(values);
            try {
                Strategy strategy = call(chosen, options, how);
                errors.addAll(unknownOptions(chosen.info().name(), options));
                if (errors.isEmpty()) {
                    return strategy;
                }
                closeUnused(strategy);
                throw new StrategyException(errors);
            } catch (InvalidOptionException e) {
                errors.add("strategy " + config.name() + ": option " + Faults.line(String.valueOf(e.getMessage())));
                // Without the value complained of, the next one can be complained of: all errors in one pass.
                if (values.remove(e.option()) == null) {
                    throw new StrategyException(errors);
                }
            }
        }
    }

    private FoundProvider find(String name) throws StrategyException {
        List<FoundProvider> named =
                found.stream().filter(one -> one.info().name().equals(name)).toList();
        if (named.isEmpty()) {
            throw new StrategyException(List.of(unknownName(name)));
        }
        if (named.size() > 1) {
            String all = named.stream().map(one -> one.info().toString()).collect(Collectors.joining(" and "));
            throw new StrategyException(List.of(
                    "strategy: " + name + " (expected: a name that one plugin has; it is that of " + all + ")"));
        }
        return named.getFirst();
    }

    private String unknownName(String name) {
        List<String> names =
                found.stream().map(one -> one.info().name()).distinct().toList();
        String message = Faults.line(name) + " (expected: "
                + (names.isEmpty() ? "a strategy that was found; there is none" : "one of " + String.join(", ", names))
                + Synonyms.strategy(name)
                        .filter(names::contains)
                        .map(ours -> "; did you mean " + ours + "?")
                        .orElseGet(() -> suggestion(name, names))
                + ")";
        return problems.isEmpty() ? message : message + "; plugins not loaded: " + String.join("; ", problems);
    }

    /** Anything thrown but what is about an option means that the plugin is broken. */
    private static Strategy call(FoundProvider chosen, Options options, Function<Options, @Nullable Strategy> how)
            throws StrategyException {
        String reason;
        try {
            @Nullable Strategy strategy = how.apply(options);
            if (strategy != null) {
                return strategy;
            }
            reason = "create returned null";
        } catch (InvalidOptionException e) {
            throw e;
        } catch (Throwable fault) {
            reason = Faults.describe(fault);
        }
        StrategyInfo info = chosen.info();
        throw new StrategyException(List.of("strategy " + info.name() + ": broken (" + info + "): " + reason));
    }

    private static List<String> unknownOptions(String strategy, Options options) {
        List<String> known = options.known();
        String expected = known.isEmpty() ? "no options" : "one of " + String.join(", ", known);
        return options.unknown().stream()
                .map(name -> "strategy " + strategy + ": option " + Faults.line(name) + " is unknown (expected: "
                        + expected + suggestion(name, known) + ")")
                .toList();
    }

    private static String suggestion(String name, List<String> known) {
        return Nearest.to(name, known)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }

    /** Closes one that was never used, whatever it throws: nobody has lost anything by it. */
    public static void closeUnused(Strategy strategy) {
        ForeignCode code = new ForeignCode(strategy.getClass());
        @Nullable ClassLoader outside = code.enter();
        try {
            strategy.close();
        } catch (Throwable fault) {
            LOG.log(Level.DEBUG, "a strategy that was not used failed in close(): " + Faults.describe(fault));
        } finally {
            code.leave(outside);
        }
    }

    private record Context(String pool, Options options) implements StrategyContext {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public RandomGenerator random() {
            return RANDOM;
        }
    }
}
