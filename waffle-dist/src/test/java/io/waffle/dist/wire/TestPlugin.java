// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/** A strategy plugin, compiled as its author would, against what ships. */
final class TestPlugin {
    private final String module;
    private final Path classes;

    private TestPlugin(String module, Path classes) {
        this.module = module;
        this.classes = classes;
    }

    /**
     * Compiles a module of one file, which declares the package of the module's name, the public class {@code Provider} in it, and whatever else
     * that needs.
     *
     * @param work where sources and classes go
     */
    static TestPlugin compile(Path work, String module, String file) throws IOException {
        Path sources = Files.createDirectories(work.resolve("sources-" + module));
        Path descriptor = Files.writeString(sources.resolve("module-info.java"), """
                module %s { requires io.waffle.api; provides io.waffle.api.StrategyProvider with %s.Provider; }
                """.formatted(module, module));
        Path source = Files.writeString(
                Files.createDirectories(sources.resolve(module)).resolve("Provider.java"), file);
        Path classes = sources.resolve("classes");
        String modules = WaffleProcess.home() + "/lib:" + annotations();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        classes.toString(),
                        "-p",
                        modules,
                        descriptor.toString(),
                        source.toString());
        assertEquals(0, code, "javac");
        return new TestPlugin(module, classes);
    }

    /** Loses one of its classes. */
    TestPlugin without(String type) throws IOException {
        Files.delete(classes.resolve(module).resolve(type + ".class"));
        return this;
    }

    /** Puts a jar of the module's name into the folder. */
    Path packInto(Path folder) throws IOException {
        Path jar = folder.resolve(module + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            for (Path one : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(one).toString()));
                Files.copy(one, out);
            }
        }
        return jar;
    }

    /** What the API is annotated with; a compiler wants it, a running Waffle does not. */
    private static String annotations() {
        return NullMarked.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }
}
