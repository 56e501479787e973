// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The modules in {@code lib} of the distribution under test. */
public final class WaffleModules {
    private WaffleModules() {}

    public static List<ModuleReference> all() {
        return ModuleFinder.of(WaffleProcess.home().resolve("lib")).findAll().stream()
                .sorted(Comparator.comparing(module -> module.descriptor().name()))
                .toList();
    }

    /** Where the classes of Waffle's own modules are. */
    public static List<URL> ours() {
        return all().stream()
                .filter(module -> module.descriptor().name().startsWith("io.waffle."))
                .map(WaffleModules::classes)
                .toList();
    }

    /** Where the classes of a module are: its jar, named so that they are read from inside of it. */
    static URL classes(ModuleReference module) {
        try {
            return URI.create("jar:" + module.location().orElseThrow() + "!/").toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The modules that provide a strategy. */
    public static List<ModuleReference> strategies() {
        return all().stream()
                .filter(module -> provided(module.descriptor()).isPresent())
                .toList();
    }

    /** What a module provides as strategies. */
    public static Optional<ModuleDescriptor.Provides> provided(ModuleDescriptor module) {
        return module.provides().stream()
                .filter(provides -> provides.service().equals("io.waffle.api.StrategyProvider"))
                .findFirst();
    }
}
