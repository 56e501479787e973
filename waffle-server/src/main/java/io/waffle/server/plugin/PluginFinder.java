// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import io.waffle.api.StrategyProvider;
import io.waffle.server.config.IoReason;
import java.io.IOException;
import java.lang.module.FindException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Finds strategy providers: on the module path and class path of the server, and in the plugins folder, where each jar, and each folder of
 * jars, is a {@link PluginCode} of its own, so that no two plugins can disturb each other.
 *
 * <p>The one class that uses {@link ServiceLoader}. A plugin may fail at every step of it; each failure becomes a line of
 * {@link #problems}.
 *
 * <p>Threading: one thread.
 */
final class PluginFinder {

    /** A service file with more broken lines than this is not read on: an iterator that only ever throws must end, too. */
    private static final int MOST_PROBLEMS = 100;

    private static final Path SERVER = Path.of("");

    private static final PluginStamp NEVER_CHANGES = new PluginStamp(List.of());

    /**
     * What one place has.
     *
     * @param place a plugin, or the plugins folder itself; the server's own path is the empty one
     * @param stamp of its files, when it was searched
     */
    record Searched(Path place, PluginStamp stamp, List<FoundProvider> found, List<String> problems) {}

    /** What was searched before and has not changed is not searched again. */
    private final List<Searched> before;

    private final List<Searched> searched = new ArrayList<>();
    private final List<Path> changed = new ArrayList<>();

    /** Of the place that is being searched. */
    private List<FoundProvider> found = new ArrayList<>();

    private List<String> problems = new ArrayList<>();

    PluginFinder(List<Searched> before) {
        this.before = before;
    }

    /** Each place, in the order it was searched in; the very same as before where nothing has changed. */
    List<Searched> searched() {
        return searched;
    }

    /** Those plugins that were there before, and have changed. */
    List<Path> changed() {
        return changed;
    }

    /** Looks on the module path and class path the server itself came from. */
    void searchServerPath() {
        search(SERVER, this::loadServerPath);
    }

    private void loadServerPath() {
        @Nullable ModuleLayer ours = PluginFinder.class.getModule().getLayer();
        // A loader would look for files in every jar of the module path, too: 25 ms of a start.
        ServiceLoader<StrategyProvider> loader =
                ours != null && System.getProperty("java.class.path", "").isEmpty()
                        ? ServiceLoader.load(ours, StrategyProvider.class)
                        : ServiceLoader.load(StrategyProvider.class, PluginFinder.class.getClassLoader());
        collect(loader, null, "server path");
    }

    /** Looks into every jar of this folder, and every folder in it, in the order of their names. */
    void searchFolder(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PluginFinder::mayBePlugin)) {
            all.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            search(
                    folder,
                    () -> problems.add(folder + ": cannot be read as a folder of plugins: " + Faults.describe(e)));
        }
        entries.sort(null);
        entries.forEach(plugin -> search(plugin, () -> load(plugin)));
    }

    private void search(Path place, Runnable load) {
        PluginStamp stamp = place.equals(SERVER) ? NEVER_CHANGES : PluginStamp.of(place);
        Optional<Searched> former =
                before.stream().filter(one -> one.place().equals(place)).findFirst();
        if (former.filter(same -> same.stamp().equals(stamp)).isPresent()) {
            searched.add(former.get());
            return;
        }
        former.ifPresent(other -> changed.add(place));
        found = new ArrayList<>();
        problems = new ArrayList<>();
        load.run();
        searched.add(new Searched(place, stamp, List.copyOf(found), List.copyOf(problems)));
    }

    private static boolean mayBePlugin(Path entry) throws IOException {
        if (Files.isHidden(entry)) {
            return false;
        }
        if (!Files.isDirectory(entry)) {
            return entry.toString().endsWith(".jar");
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(entry, "*.jar")) {
            return jars.iterator().hasNext();
        } catch (IOException e) {
            return true; // to be reported as a plugin that cannot be read, and not to keep the others from being found
        }
    }

    private void load(Path plugin) {
        try {
            PluginCode code = PluginCode.of(plugin);
            @Nullable ModuleLayer layer = code.layer();
            ServiceLoader<StrategyProvider> loader = layer == null
                    ? ServiceLoader.load(StrategyProvider.class, code.loader())
                    : ServiceLoader.load(layer, StrategyProvider.class);
            collect(loader, code, plugin.toString());
        } catch (FindException e) {
            problems.add(plugin + ": " + unsound(plugin, e));
            return;
        } catch (RuntimeException | ServiceConfigurationError | LinkageError e) {
            problems.add(plugin + ": " + reason(e));
            return;
        } catch (InvalidProviderException e) {
            problems.add(plugin + ": " + e.getMessage());
            return;
        }
        if (found.isEmpty() && problems.isEmpty()) {
            problems.add(plugin + ": holds no strategy: it neither provides " + StrategyProvider.class.getName()
                    + " in its module-info nor names one in META-INF/services");
        }
    }

    /**
     * Takes each provider that can be had.
     *
     * @param plugin what it must be of; null for the server's own path
     */
    private void collect(ServiceLoader<StrategyProvider> loader, @Nullable PluginCode plugin, String source) {
        Iterator<ServiceLoader.Provider<StrategyProvider>> providers =
                loader.stream().iterator();
        int most = problems.size() + MOST_PROBLEMS;
        while (problems.size() < most) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                ServiceLoader.Provider<StrategyProvider> provider = providers.next();
                if (plugin == null || provider.type().getClassLoader() == plugin.loader()) {
                    found.add(FoundProvider.of(made(provider), Optional.ofNullable(plugin)));
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                problems.add(source + ": " + reason(e));
            } catch (InvalidProviderException e) {
                problems.add(source + ": " + e.getMessage());
            }
        }
    }

    private static StrategyProvider made(ServiceLoader.Provider<StrategyProvider> provider) {
        ForeignCode code = new ForeignCode(provider.type());
        @Nullable ClassLoader outside = code.enter();
        try {
            return provider.get();
        } finally {
            code.leave(outside);
        }
    }

    /** What cannot be read as a jar, in words for people who know no Java. */
    private static String unsound(Path plugin, FindException e) {
        String what = String.valueOf(e.getMessage()).replace("Error reading " + plugin, "");
        if (e.getCause() instanceof IOException why) {
            String jar = what.isEmpty() ? "" : Faults.line(what) + ": ";
            return jar + "it is no jar that can be read: " + Faults.line(IoReason.of(why));
        }
        return reason(e);
    }

    /** The whole chain in a line: the outer ones say which provider, the inner ones why. */
    private static String reason(Throwable problem) {
        StringBuilder chain = new StringBuilder(Faults.line(String.valueOf(problem.getMessage())));
        for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
            chain.append(": ").append(Faults.describe(cause));
        }
        return chain.toString();
    }
}
