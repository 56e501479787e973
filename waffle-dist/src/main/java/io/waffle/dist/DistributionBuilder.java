// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays out the unpacked distribution; the assembly plugin then packs it.
 *
 * <p>Everything is written anew each time, so nothing of an older build survives in it. Every file carries the same time: the archive must not
 * depend on when it was made, and the AOT cache remembers the times of the jars and of the runtime it was made with.
 */
public final class DistributionBuilder {
    private final Path root = path("waffle.build.root");
    private final Path home = path("waffle.home");
    private final Path module = root.resolve("waffle-dist");
    private final Path target = module.resolve("target");
    private final Instant timestamp = Instant.parse(property("waffle.build.timestamp"));

    private DistributionBuilder() {}

    /** Reads its orders from system properties: see the pom. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new DistributionBuilder().build();
    }

    private void build() throws IOException, InterruptedException {
        List<Path> jars = jars();
        Files.deleteIfExists(target.resolve("image.stamp"));
        FileTrees.delete(home);
        FileTrees.copy(module.resolve("src/main/dist"), home);
        copyLibraries(jars);
        copyPapers(jars);
        RuntimeImage runtime = new RuntimeImage(property("waffle.build.modules"), target.resolve("runtime"));
        runtime.build();
        FileTrees.copy(runtime.folder(), home.resolve("runtime"));
        setTimes();
        new AotCache(home, target.resolve("aot")).build();
        setTimes();
        // Last: ./waffle and the conformance run read it to know that there is a distribution, where, and how old.
        Files.writeString(target.resolve("image.stamp"), home.getFileName() + "\n");
    }

    private List<Path> jars() throws IOException {
        String classPath = Files.readString(target.resolve("class-path.txt")).strip();
        return Stream.of(classPath.split(File.pathSeparator))
                .map(Path::of)
                .sorted(Comparator.comparing(jar -> jar.getFileName().toString()))
                .toList();
    }

    private void copyLibraries(List<Path> jars) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib"));
        for (Path jar : jars) {
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }
    }

    private void copyPapers(List<Path> jars) throws IOException {
        for (String paper : List.of("LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "SECURITY.md")) {
            Files.copy(root.resolve(paper), home.resolve(paper));
        }
        FileTrees.copy(root.resolve("docs"), home.resolve("docs"));
        Files.copy(target.resolve("sbom.json"), home.resolve("sbom.json"));
        new Licences(jars, target.resolve("sbom.xml")).writeTo(home.resolve("licences"));
    }

    private void setTimes() throws IOException {
        FileTime time = FileTime.from(timestamp);
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(file -> !Files.isSymbolicLink(file)).toList()) {
                Files.setLastModifiedTime(file, time);
            }
        }
    }

    private static Path path(String property) {
        return Path.of(property(property)).toAbsolutePath();
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "system property " + name + ": not set (expected: see waffle-dist/pom.xml)");
        }
        return value;
    }
}
