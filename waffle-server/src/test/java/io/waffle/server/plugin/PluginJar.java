// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import io.waffle.api.StrategyProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Compiles sources and packs them into a jar, with the compiler and the jar tool of the JDK. */
public final class PluginJar {

    private final Path work;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> services = new LinkedHashMap<>();
    private final List<Path> modulePath = new ArrayList<>();
    private final List<Path> classPath = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private String version = "";

    PluginJar(Path work) {
        this.work = work;
        classPath.add(locationOf(StrategyProvider.class));
        modulePath.add(locationOf(StrategyProvider.class));
        modulePath.add(locationOf(org.jspecify.annotations.Nullable.class));
    }

    /** A source file, by the name of its class, or {@code module-info}. */
    PluginJar source(String name, String text) {
        sources.put(name, text);
        return this;
    }

    /** A line of META-INF/services/io.waffle.api.StrategyProvider. */
    PluginJar service(String provider) {
        services.merge(StrategyProvider.class.getName(), provider, (former, next) -> former + "\n" + next);
        return this;
    }

    public PluginJar version(String moduleVersion) {
        version = moduleVersion;
        return this;
    }

    /** A jar needed to compile. */
    PluginJar with(Path jar) {
        classPath.add(jar);
        modulePath.add(jar);
        return this;
    }

    /** Is compiled against this in place of the API there is. */
    PluginJar insteadOfTheApi(Path jar) {
        classPath.set(0, jar);
        modulePath.set(0, jar);
        return this;
    }

    /** A main attribute of the manifest. */
    PluginJar manifest(String attribute, String value) {
        manifest.put(attribute, value);
        return this;
    }

    /** A class that is compiled, and then left out of the jar. */
    PluginJar without(String className) {
        dropped.add(className);
        return this;
    }

    /** A module with one provider of this name, whose strategy always picks the first backend. */
    public static PluginJar module(Path work, String module, String strategyName) {
        return new PluginJar(work)
                .source("module-info", moduleInfo(module))
                .source(module + ".Provider", provider(module, "", strategyName, "return List::getFirst;"));
    }

    static String moduleInfo(String module) {
        return "module " + module + " { requires io.waffle.api; provides io.waffle.api.StrategyProvider with " + module
                + ".Provider; }";
    }

    /** A provider's source; create is the body of a method that returns a function from backends to the one to pick. */
    static String provider(String inPackage, String members, String strategyName, String create) {
        return """
                package %s;
                import io.waffle.api.*;
                import java.util.List;
                import java.util.function.Function;
                public final class Provider implements StrategyProvider {
                    %s
                    public String name() { return "%s"; }
                    public Strategy create(StrategyContext context) {
                        Function<List<Backend>, Backend> choice = choice(context);
                        return backends -> request -> choice.apply(backends);
                    }
                    private static Function<List<Backend>, Backend> choice(StrategyContext context) { %s }
                }
                """.formatted(inPackage, members, strategyName, create);
    }

    public Path pack(Path jar) throws IOException {
        Path from = Files.createTempDirectory(work, "sources");
        Path classes = Files.createTempDirectory(work, "classes");
        List<String> compile = new ArrayList<>(List.of("--release", "21", "-proc:none", "-d", classes.toString()));
        compile.addAll(List.of(sources.containsKey("module-info") ? "--module-path" : "--class-path", path()));
        if (!version.isEmpty()) {
            compile.addAll(List.of("--module-version", version));
        }
        for (Map.Entry<String, String> source : sources.entrySet()) {
            compile.add(write(from.resolve(source.getKey().replace('.', '/') + ".java"), source.getValue()));
        }
        run("javac", compile);
        for (String className : dropped) {
            Files.delete(classes.resolve(className.replace('.', '/') + ".class"));
        }
        for (Map.Entry<String, String> service : services.entrySet()) {
            write(classes.resolve("META-INF/services/" + service.getKey()), service.getValue());
        }
        Files.createDirectories(jar.toAbsolutePath().getParent());
        StringBuilder attributes = new StringBuilder();
        manifest.forEach((name, value) ->
                attributes.append(name).append(": ").append(value).append('\n'));
        String attributesFile = write(from.resolve("manifest"), attributes.toString());
        run(
                "jar",
                List.of(
                        "--create",
                        "--file",
                        jar.toString(),
                        "--manifest",
                        attributesFile,
                        "-C",
                        classes.toString(),
                        "."));
        return jar;
    }

    private String path() {
        Stream<Path> all = sources.containsKey("module-info") ? modulePath.stream() : classPath.stream();
        return String.join(java.io.File.pathSeparator, all.map(Path::toString).toList());
    }

    private static String write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return file.toString();
    }

    private static void run(String tool, List<String> arguments) {
        StringWriter output = new StringWriter();
        PrintWriter printer = new PrintWriter(output, true);
        int code = ToolProvider.findFirst(tool).orElseThrow().run(printer, printer, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new AssertionError(tool + " " + arguments + " failed: " + output);
        }
    }

    static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
