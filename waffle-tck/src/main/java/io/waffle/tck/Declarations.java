// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.StrategyProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The providers that a jar, or a folder of classes, declares in both places, sorted.
 *
 * @param provided in {@code module-info}; empty if it has none
 * @param services in {@code META-INF/services}; empty if it has no such file
 */
public record Declarations(List<String> provided, List<String> services) {

    /** Those of the jar or folder this class came from. */
    public static Declarations around(Class<?> type) {
        URL location = type.getProtectionDomain().getCodeSource().getLocation();
        try {
            return in(Path.of(URI.create(location.toURI().toString())));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(location + " (expected: the location of " + type + ")", e);
        }
    }

    /** Those of this jar or folder. */
    public static Declarations in(Path jarOrFolder) {
        try {
            if (Files.isDirectory(jarOrFolder)) {
                return read(jarOrFolder);
            }
            try (FileSystem jar = FileSystems.newFileSystem(jarOrFolder)) {
                return read(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Declarations read(Path root) throws IOException {
        return new Declarations(provided(root.resolve("module-info.class")), services(root));
    }

    private static List<String> provided(Path moduleInfo) throws IOException {
        if (!Files.exists(moduleInfo)) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(moduleInfo)) {
            return ModuleDescriptor.read(in).provides().stream()
                    .filter(provides -> provides.service().equals(StrategyProvider.class.getName()))
                    .flatMap(provides -> provides.providers().stream())
                    .sorted()
                    .toList();
        }
    }

    private static List<String> services(Path root) throws IOException {
        Path file = root.resolve("META-INF/services/" + StrategyProvider.class.getName());
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .map(line -> line.replaceFirst("#.*", "").trim())
                .filter(line -> !line.isEmpty())
                .sorted()
                .toList();
    }
}
