// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plain jar beside a module that is a plugin. As an automatic module it would read all modules there are, those of the server, too, and clash with
 * one that has a package of the plugin's. So it is described anew, as an open module that exports all it has, and reads what is shared and the
 * other modules of its plugin.
 */
final class ClosedModule extends ModuleReference {

    private final ModuleReference jar;

    private ClosedModule(ModuleReference jar, ModuleDescriptor descriptor) {
        super(descriptor, jar.location().orElse(null));
        this.jar = jar;
    }

    @Override
    public ModuleReader open() throws IOException {
        return jar.open();
    }

    /** The modules, with the automatic ones closed. */
    static Set<ModuleReference> all(Set<ModuleReference> modules, ModuleLayer parent) {
        Set<String> shared = shared(parent.configuration());
        Set<String> services = modules.stream()
                .map(ModuleReference::descriptor)
                .flatMap(one -> Stream.concat(
                        one.uses().stream(), one.provides().stream().map(ModuleDescriptor.Provides::service)))
                .collect(Collectors.toSet());
        return modules.stream()
                .map(module -> module.descriptor().isAutomatic() ? closed(module, shared, services) : module)
                .collect(Collectors.toSet());
    }

    /** Lets those that were automatic read all of the layer, as they may by nature; to require it might be to go round in circles. */
    static void letRead(ModuleLayer.Controller layer, Set<ModuleReference> modules) {
        for (ModuleReference module : modules) {
            if (module.descriptor().isAutomatic()) {
                Module reader =
                        layer.layer().findModule(module.descriptor().name()).orElseThrow();
                layer.layer().modules().forEach(read -> layer.addReads(reader, read));
            }
        }
    }

    private static ModuleReference closed(ModuleReference jar, Set<String> requires, Set<String> uses) {
        ModuleDescriptor from = jar.descriptor();
        ModuleDescriptor.Builder builder = ModuleDescriptor.newOpenModule(from.name());
        from.version().ifPresent(builder::version);
        builder.packages(from.packages());
        from.packages().forEach(builder::exports);
        from.provides().forEach(builder::provides);
        requires.forEach(builder::requires);
        uses.forEach(builder::uses);
        return new ClosedModule(jar, builder.build());
    }

    private static Set<String> shared(Configuration parent) {
        return parent.modules().stream()
                .filter(module -> SharedCode.isShared(module.reference()))
                .map(ResolvedModule::name)
                .collect(Collectors.toSet());
    }
}
