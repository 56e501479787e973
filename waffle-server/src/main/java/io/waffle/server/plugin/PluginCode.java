// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import io.waffle.api.StrategyProvider;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The code of one plugin, apart from all other code: it sees the JDK, {@code io.waffle.api} and what it brought along, and nothing of what the
 * server is made of. The reasons are in ADR 0020.
 *
 * <p>If a module of it provides a strategy, the plugin is a {@link ModuleLayer}: what its modules require is checked here. Otherwise it is
 * what a class path is: plain jars are written for that, and nothing but it has them see each other as they expect to.
 *
 * @param layer its modules; null if it is a class path
 * @param loader of all its classes
 * @param modules each jar of it, as the module system describes it
 */
record PluginCode(@Nullable ModuleLayer layer, ClassLoader loader, Set<ModuleReference> modules) {

    private static final String SERVICE = StrategyProvider.class.getName();

    /**
     * Loads no class yet.
     *
     * @param plugin a jar, or a folder of jars
     * @throws java.lang.module.FindException if one of them is no jar, or not a sound one
     * @throws InvalidProviderException if it asks for what it is not to see, or was made for an API that is not this one
     */
    static PluginCode of(Path plugin) throws InvalidProviderException {
        Set<ModuleReference> modules = ModuleFinder.of(plugin).findAll().stream()
                .filter(module -> !module.descriptor().name().equals(SharedCode.API))
                .collect(Collectors.toSet());
        for (ModuleReference module : modules) {
            ApiVersion.check(module);
        }
        return modules.stream().anyMatch(PluginCode::isModularStrategy) ? layer(modules) : classPath(modules);
    }

    /** The jar this class came in; empty if it came in none of them. */
    Optional<ModuleDescriptor> origin(Class<?> type) {
        @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        Path jar = Path.of(URI.create(source.getLocation().toString()));
        return modules.stream()
                .filter(module ->
                        module.location().map(Path::of).filter(jar::equals).isPresent())
                .map(ModuleReference::descriptor)
                .findFirst();
    }

    private static boolean isModularStrategy(ModuleReference module) {
        return !module.descriptor().isAutomatic()
                && module.descriptor().provides().stream()
                        .anyMatch(provides -> provides.service().equals(SERVICE));
    }

    private static PluginCode classPath(Set<ModuleReference> modules) {
        List<URL> jars = new ArrayList<>();
        modules.forEach(module -> module.location().ifPresent(at -> {
            try {
                jars.add(at.toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e); // a file's is none
            }
        }));
        return new PluginCode(null, new URLClassLoader(jars.toArray(URL[]::new), new SharedCode()), modules);
    }

    /** All modules of the plugin above those of the server, of which they may read only what is shared. */
    private static PluginCode layer(Set<ModuleReference> modules) throws InvalidProviderException {
        ModuleLayer parent = SharedCode.layer();
        Set<ModuleReference> closed = ClosedModule.all(modules, parent);
        Set<String> roots =
                closed.stream().map(module -> module.descriptor().name()).collect(Collectors.toSet());
        Configuration resolved = parent.configuration().resolve(new Those(closed), ModuleFinder.of(), roots);
        for (ResolvedModule module : resolved.modules()) {
            for (ResolvedModule read : module.reads()) {
                if (read.configuration() != resolved
                        && !SharedCode.isShared(read.reference())
                        && requires(module, read)) {
                    throw new InvalidProviderException("module " + module.name() + " requires " + read.name()
                            + ", which the plugin does not bring along: it sees " + SharedCode.API + " and the JDK");
                }
            }
        }
        ModuleLayer.Controller made =
                ModuleLayer.defineModulesWithOneLoader(resolved, List.of(parent), new SharedCode());
        ClosedModule.letRead(made, modules);
        ClassLoader loader = made.layer().findLoader(roots.iterator().next());
        return new PluginCode(made.layer(), loader, modules);
    }

    /** Whether it asks for the other itself. What the API asks for of its own, where that is there, is no matter of the plugin's. */
    private static boolean requires(ResolvedModule module, ResolvedModule other) {
        return module.reference().descriptor().requires().stream()
                .anyMatch(requires -> requires.name().equals(other.name()));
    }

    /** Finds those modules. */
    private record Those(Set<ModuleReference> findAll) implements ModuleFinder {

        @Override
        public Optional<ModuleReference> find(String name) {
            return findAll.stream()
                    .filter(module -> module.descriptor().name().equals(name))
                    .findFirst();
        }
    }
}
