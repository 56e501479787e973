// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.config.Configuration;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where plugins are looked for. */
public final class PluginsFolder {

    private PluginsFolder() {}

    /** The folder that was given; else {@code plugins} beside the {@code lib} folder Waffle was started from, if there is one. */
    public static Optional<Path> of(Configuration configuration) {
        if (configuration.plugins().isPresent()) {
            return configuration.plugins().filter(Files::isDirectory);
        }
        return home().map(home -> home.resolve("plugins")).filter(Files::isDirectory);
    }

    /** {@code bin/waffle} says where it lies, since it may hand the module path over under another name. */
    private static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty("waffle.home"))
                .map(Path::of)
                .or(PluginsFolder::aboveLib);
    }

    private static Optional<Path> aboveLib() {
        return Optional.ofNullable(PluginsFolder.class.getModule().getName())
                .flatMap(ModuleLayer.boot().configuration()::findModule)
                .flatMap(module -> module.reference().location())
                .filter(location -> "file".equals(location.getScheme()))
                .flatMap(PluginsFolder::folderAbove);
    }

    private static Optional<Path> folderAbove(URI jar) {
        return Optional.ofNullable(Path.of(jar).getParent())
                .filter(lib -> lib.endsWith("lib"))
                .flatMap(lib -> Optional.ofNullable(lib.getParent()));
    }
}
