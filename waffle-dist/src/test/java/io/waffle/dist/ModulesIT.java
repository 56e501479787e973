// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The modules in {@code lib}: what they say of themselves, and what a plugin framework needs them to say. */
class ModulesIT {

    static List<ModuleReference> strategies() {
        return WaffleModules.strategies();
    }

    @Test
    void allAreNamed() {
        assertFalse(WaffleModules.all().isEmpty());
        for (ModuleReference module : WaffleModules.all()) {
            assertFalse(module.descriptor().isAutomatic(), module::toString);
        }
    }

    @Test
    void apiRequiresNothing() {
        assertEquals(Set.of("java.base"), required(module("io.waffle.api")));
    }

    @Test
    void serverRequiresNoStrategyAndShowsNothing() {
        ModuleDescriptor server = module("io.waffle.server");
        assertTrue(required(server).stream().noneMatch(name -> name.startsWith("io.waffle.strategy")));
        assertEquals(Set.of(), server.exports());
        assertEquals(Set.of("io.waffle.api.StrategyProvider"), server.uses());
    }

    @Test
    void threeStrategiesShip() {
        Set<String> names =
                strategies().stream().map(module -> module.descriptor().name()).collect(Collectors.toSet());
        assertEquals(
                Set.of("io.waffle.strategy.roundrobin", "io.waffle.strategy.iphash", "io.waffle.strategy.leastconn"),
                names);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void strategyRequiresOnlyTheApi(ModuleReference strategy) {
        assertEquals(Set.of("java.base", "io.waffle.api"), required(strategy.descriptor()));
        assertEquals(Set.of(), strategy.descriptor().exports());
    }

    /** The class path reads META-INF/services, the module path the descriptor: both must find the same. */
    @ParameterizedTest
    @MethodSource("strategies")
    void providesAndServicesAgree(ModuleReference strategy) throws IOException {
        List<String> provides =
                WaffleModules.provided(strategy.descriptor()).orElseThrow().providers();
        try (var reader = strategy.open();
                var content = reader.open("META-INF/services/io.waffle.api.StrategyProvider")
                        .orElseThrow()) {
            String services = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            List<String> named = services.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            assertEquals(provides, named);
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void strategyShowsOneClass(ModuleReference strategy) {
        List<String> shown = new ClassFileImporter()
                .importUrl(WaffleModules.classes(strategy)).stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getName)
                        .toList();
        assertEquals(WaffleModules.provided(strategy.descriptor()).orElseThrow().providers(), shown);
    }

    /** Beside the module's jar, in its build, there is a test that extends one of the kit's. */
    @ParameterizedTest
    @MethodSource("strategies")
    void strategyIsHeldToTheContract(ModuleReference strategy) throws IOException {
        Path root = Path.of(System.getProperty("waffle.build.root"));
        String jar = Path.of(strategy.location().orElseThrow()).getFileName().toString();
        Path tests = root.resolve(jar.replaceFirst("-[0-9.]+\\.jar$", "")).resolve("target/test-classes");
        assertTrue(Files.isDirectory(tests), tests::toString);
        boolean held = new ClassFileImporter()
                .importPath(tests).stream()
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .flatMap(type -> type.getAllRawSuperclasses().stream())
                        .anyMatch(parent -> parent.getPackageName().startsWith("io.waffle.tck"));
        assertTrue(held, tests + ": no test here extends one of io.waffle.tck");
    }

    /** What the libraries require of the JDK is in the runtime, and nothing they name statically is needed to resolve them. */
    @Test
    void runtimeHoldsWhatTheModulesRequire() throws IOException {
        String release = Files.readString(WaffleProcess.home().resolve("runtime/release"));
        Set<String> runtime = Stream.of(release.replaceFirst("(?s).*MODULES=\"([^\"]*)\".*", "$1")
                        .split(" "))
                .collect(Collectors.toSet());
        Set<String> needed = WaffleModules.all().stream()
                .flatMap(module -> required(module.descriptor()).stream())
                .filter(name -> name.matches("(java|jdk)\\..*"))
                .collect(Collectors.toSet());
        needed.removeAll(runtime);
        assertEquals(Set.of(), needed);
    }

    private static ModuleDescriptor module(String name) {
        return WaffleModules.all().stream()
                .map(ModuleReference::descriptor)
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> required(ModuleDescriptor module) {
        return module.requires().stream()
                .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .collect(Collectors.toSet());
    }
}
