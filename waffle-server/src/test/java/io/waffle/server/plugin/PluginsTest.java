// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.Outcome;
import io.waffle.api.Strategy;
import io.waffle.server.config.StrategyConfig;
import io.waffle.server.pool.FakeClock;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.pool.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real jars, compiled here, in a real plugins folder. */
final class PluginsTest {

    @TempDir
    Path work;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(work.resolve("plugins"));
    }

    @Test
    void modularJarIsFoundAndBalances() throws Exception {
        Path jar = PluginJar.module(work, "acme.first", "first").version("1.2").pack(folder.resolve("first.jar"));
        Plugins plugins = load();
        assertEquals(List.of(), plugins.problems());
        assertEquals(List.of(new StrategyInfo("first", "acme.first", "1.2", jar.toString())), plugins.strategies());
        assertEquals("b1:80", idOfPick(plugins.create(config("first"), "main")));
    }

    @Test
    void plainJarWithServiceFileWorks() throws Exception {
        new PluginJar(work)
                .source("plain.Provider", PluginJar.provider("plain", "", "plain-one", "return List::getLast;"))
                .service("plain.Provider")
                .pack(folder.resolve("plain-one-2.5.jar"));
        Plugins plugins = load();
        assertEquals(List.of(), plugins.problems());
        StrategyInfo info = plugins.strategies().getFirst();
        assertEquals("plain.one", info.module());
        assertEquals("2.5", info.version());
        assertEquals("b2:80", idOfPick(plugins.create(config("plain-one"), "main")));
    }

    @Test
    void twoPluginsMayHaveConflictingVersionsOfOneLibrary() throws Exception {
        folderPlugin("one", "getFirst");
        folderPlugin("two", "getLast");
        Plugins plugins = load();
        assertEquals(List.of(), plugins.problems());
        assertEquals("b1:80", idOfPick(plugins.create(config("one"), "main")));
        assertEquals("b2:80", idOfPick(plugins.create(config("two"), "main")));
    }

    /** A folder with a plugin and a library of the same module name and class in each, which does something else in each. */
    private void folderPlugin(String name, String choice) throws IOException {
        Path home = folder.resolve(name);
        Path library = new PluginJar(work)
                .source("module-info", "module acme.library { requires io.waffle.api; exports acme.library; }")
                .source("acme.library.Choice", """
                        package acme.library;
                        import io.waffle.api.Backend;
                        import java.util.List;
                        public final class Choice {
                            public static Backend of(List<Backend> backends) { return backends.%s(); }
                        }
                        """.formatted(choice))
                .pack(home.resolve("library.jar"));
        new PluginJar(work)
                .with(library)
                .source(
                        "module-info",
                        "module acme.user { requires io.waffle.api; requires acme.library;"
                                + " provides io.waffle.api.StrategyProvider with acme.user.Provider; }")
                .source(
                        "acme.user.Provider",
                        PluginJar.provider("acme.user", "", name, "return acme.library.Choice::of;"))
                .pack(home.resolve("user.jar"));
    }

    @Test
    void plainPluginInSubFolderSeesItsLibrary() throws Exception {
        Path home = folder.resolve("plain");
        Path library = new PluginJar(work)
                .source(
                        "lib.Name",
                        "package lib; public final class Name { public static String of() { return \"x\"; } }")
                .pack(home.resolve("lib.jar"));
        new PluginJar(work)
                .with(library)
                .source(
                        "plain.Provider",
                        PluginJar.provider("plain", "static { lib.Name.of(); }", "plain", "return List::getFirst;"))
                .service("plain.Provider")
                .pack(home.resolve("plain.jar"));
        assertEquals(List.of(), load().problems());
        assertNotNull(load().create(config("plain"), "main"));
    }

    @Test
    void copyOfTheApiPackedWithPluginDoesNoHarm() throws Exception {
        new PluginJar(work)
                .source("module-info", "module io.waffle.api { exports io.waffle.api; }")
                .source("io.waffle.api.StrategyProvider", "package io.waffle.api; public interface StrategyProvider {}")
                .pack(folder.resolve("first/waffle-api.jar"));
        PluginJar.module(work, "acme.first", "first").pack(folder.resolve("first/first.jar"));
        Plugins plugins = load();
        assertEquals(List.of(), plugins.problems());
        assertNotNull(plugins.create(config("first"), "main"));
    }

    /** Of a library the server has, too, a plugin may bring its own: as it is written for the class path, and as a module with a plain library. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pluginMayBringItsOwnOfALibraryOfTheServer(boolean modular) throws Exception {
        Path home = folder.resolve("acme");
        Path library = new PluginJar(work)
                .source(
                        "org.yaml.snakeyaml.Yaml",
                        "package org.yaml.snakeyaml; public final class Yaml { public static String own() { return \"own\"; } }")
                .pack(home.resolve("own-yaml.jar"));
        String provider = PluginJar.provider(
                "acme.yaml", "static { org.yaml.snakeyaml.Yaml.own(); }", "acme", "return List::getFirst;");
        PluginJar jar = new PluginJar(work).with(library).source("acme.yaml.Provider", provider);
        if (modular) {
            jar.source(
                    "module-info",
                    "module acme.yaml { requires io.waffle.api; requires own.yaml;"
                            + " provides io.waffle.api.StrategyProvider with acme.yaml.Provider; }");
        } else {
            jar.service("acme.yaml.Provider");
        }
        jar.pack(home.resolve("acme.jar"));
        Plugins plugins = load();
        assertEquals(List.of(), plugins.problems());
        assertNotNull(plugins.create(config("acme"), "main"));
    }

    @Test
    void pluginSeesNothingOfTheServersButTheApi() throws Exception {
        String probe = """
                try {
                    Class.forName("io.waffle.server.pool.Pool");
                    throw new IllegalStateException("sees the server");
                } catch (ClassNotFoundException e) {
                    return List::getFirst;
                }
                """;
        PluginJar.module(work, "acme.curious", "curious")
                .source("acme.curious.Provider", PluginJar.provider("acme.curious", "", "curious", probe))
                .pack(folder.resolve("curious.jar"));
        new PluginJar(work)
                .source("plain.Provider", PluginJar.provider("plain", "", "plain", probe))
                .service("plain.Provider")
                .pack(folder.resolve("plain.jar"));
        assertNotNull(load().create(config("curious"), "main"));
        assertNotNull(load().create(config("plain"), "main"));
    }

    @Test
    void moduleThatRequiresALibraryOfTheServerIsRefused() throws Exception {
        PluginJar.module(work, "acme.lender", "lender")
                .with(PluginJar.locationOf(org.yaml.snakeyaml.LoaderOptions.class))
                .source(
                        "module-info",
                        "module acme.lender { requires io.waffle.api; requires org.yaml.snakeyaml;"
                                + " provides io.waffle.api.StrategyProvider with acme.lender.Provider; }")
                .pack(folder.resolve("lender.jar"));
        assertContains(load().problems().getFirst(), "lender.jar", "org.yaml.snakeyaml", "acme.lender");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void contextClassLoaderIsThePluginsInEachCall(boolean modular) throws Exception {
        String check = "if (Thread.currentThread().getContextClassLoader() != Provider.class.getClassLoader())"
                + " throw new IllegalStateException(\"not mine\");";
        PluginJar jar = new PluginJar(work)
                .source(
                        "acme.context.Provider",
                        PluginJar.provider(
                                "acme.context",
                                "public Provider() { " + check + " }",
                                "context",
                                check + " return all -> { " + check + " return all.getFirst(); };"));
        if (modular) {
            jar.source("module-info", PluginJar.moduleInfo("acme.context"));
        } else {
            jar.service("acme.context.Provider");
        }
        jar.pack(folder.resolve("context.jar"));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        assertEquals("b1:80", idOfPick(load().create(config("context"), "main")));
        assertSame(before, Thread.currentThread().getContextClassLoader());
    }

    @Test
    void moduleMadeForALaterApiIsRefusedWithBothVersions() throws Exception {
        Path later = new PluginJar(work)
                .source("module-info", "module io.waffle.api { exports io.waffle.api; }")
                .source(
                        "io.waffle.api.StrategyProvider",
                        "package io.waffle.api; public interface StrategyProvider {"
                                + " String name(); Strategy create(StrategyContext c); }")
                .source("io.waffle.api.Strategy", "package io.waffle.api; public interface Strategy {}")
                .source("io.waffle.api.StrategyContext", "package io.waffle.api; public interface StrategyContext {}")
                .version("9.0.0")
                .pack(work.resolve("later-api.jar"));
        PluginJar.module(work, "acme.later", "later")
                .insteadOfTheApi(later)
                .source(
                        "acme.later.Provider",
                        "package acme.later; import io.waffle.api.*; public final class Provider implements StrategyProvider {"
                                + " public String name() { return \"later\"; }"
                                + " public Strategy create(StrategyContext c) { return new Strategy() {}; } }")
                .pack(folder.resolve("later.jar"));
        assertContains(error(load(), config("later")), "later.jar", "9.0.0", "expected: 0.1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.0.0", "0.1.0", "0.0.9", "no version", ""})
    void plainJarMaySayForWhichApiItWasMade(String version) throws Exception {
        new PluginJar(work)
                .source("plain.Provider", PluginJar.provider("plain", "", "plain", "return List::getFirst;"))
                .service("plain.Provider")
                .manifest(ApiVersion.ATTRIBUTE, version)
                .pack(folder.resolve("plain.jar"));
        List<String> problems = load().problems();
        if (version.equals("9.0.0")) {
            assertContains(problems.getFirst(), "plain.jar", "9.0.0", "expected: 0.1.0");
        } else {
            assertEquals(List.of(), problems);
        }
    }

    @Test
    void missingClassIsNamedWithJarAndIsFatalOnlyIfConfigured() throws Exception {
        PluginJar.module(work, "acme.good", "good").pack(folder.resolve("good.jar"));
        PluginJar.module(work, "acme.holed", "holed")
                .source("acme.holed.Helper", "package acme.holed; class Helper {}")
                .source(
                        "acme.holed.Provider",
                        PluginJar.provider(
                                "acme.holed", "final Helper helper = new Helper();", "holed", "return List::getFirst;"))
                .without("acme.holed.Helper")
                .pack(folder.resolve("holed.jar"));
        Plugins plugins = load();
        assertEquals(1, plugins.problems().size());
        assertContains(plugins.problems().getFirst(), "holed.jar", "NoClassDefFoundError", "acme/holed/Helper");
        assertNotNull(plugins.create(config("good"), "main"));
        assertContains(
                error(plugins, config("holed")), "holed (expected: one of good", "holed.jar", "acme/holed/Helper");
    }

    @Test
    void missingProviderClassIsNamed() throws Exception {
        new PluginJar(work)
                .source("acme.gone.Other", "package acme.gone; class Other {}")
                .service("acme.gone.Provider")
                .pack(folder.resolve("gone.jar"));
        assertContains(load().problems().getFirst(), "gone.jar", "acme.gone.Provider");
    }

    @Test
    void constructorThatThrowsIsNamedWithItsReason() throws Exception {
        faulty(
                "acme.thrower",
                "public Provider() { throw new IllegalStateException(\"no luck\\ntoday\"); }",
                "thrower");
        List<String> problems = load().problems();
        assertEquals(1, problems.size());
        assertContains(
                problems.getFirst(), "faulty.jar", "IllegalStateException: no luck today", "acme.thrower.Provider");
    }

    @Test
    void nameThatIsNoneIsReported() throws Exception {
        faulty("acme.shouter", "", "LOUD NAME");
        assertContains(load().problems().getFirst(), "faulty.jar", "LOUD NAME (expected: [a-z][a-z0-9-]{0,62})");
    }

    @Test
    void reservedNameInFolderIsReportedAndIgnored() throws Exception {
        faulty("acme.usurper", "", "round-robin");
        Plugins plugins = load();
        assertContains(plugins.problems().getFirst(), "faulty.jar", "round-robin", "comes with Waffle");
        assertEquals(List.of(), plugins.strategies());
    }

    @Test
    void jarThatIsNoJarAndJarWithoutStrategyAreReported() throws Exception {
        Files.writeString(folder.resolve("broken.jar"), "this is no archive");
        Files.writeString(folder.resolve("README.txt"), "nor does this want to be one");
        new PluginJar(work)
                .source("lib.Empty", "package lib; public final class Empty {}")
                .pack(folder.resolve("library.jar"));
        List<String> problems = load().problems();
        assertEquals(2, problems.size());
        assertContains(problems.get(0), "broken.jar");
        assertContains(problems.get(1), "library.jar", "holds no strategy");
    }

    @Test
    void missingModuleIsReported() throws Exception {
        Path library = new PluginJar(work)
                .source("module-info", "module acme.absent { exports acme.absent; }")
                .source("acme.absent.A", "package acme.absent; public final class A {}")
                .pack(work.resolve("absent.jar"));
        PluginJar.module(work, "acme.needy", "needy")
                .with(library)
                .source(
                        "module-info",
                        "module acme.needy { requires io.waffle.api; requires acme.absent;"
                                + " provides io.waffle.api.StrategyProvider with acme.needy.Provider; }")
                .pack(folder.resolve("needy.jar"));
        assertContains(load().problems().getFirst(), "needy.jar", "acme.absent");
    }

    @Test
    void oneNameOfTwoPluginsIsFatalOnlyIfConfigured() throws Exception {
        Path a = PluginJar.module(work, "acme.a", "twin").version("1.0").pack(folder.resolve("a.jar"));
        Path b = PluginJar.module(work, "acme.b", "twin").version("2.0").pack(folder.resolve("b.jar"));
        PluginJar.module(work, "acme.c", "single").pack(folder.resolve("c.jar"));
        Plugins plugins = load();
        assertNotNull(plugins.create(config("single"), "main"));
        assertContains(
                error(plugins, config("twin")),
                "strategy: twin",
                "module acme.a 1.0 in " + a,
                "module acme.b 2.0 in " + b);
    }

    @Test
    void unknownNameListsWhatThereIsAndWhatIsNear() throws Exception {
        PluginJar.module(work, "acme.a", "nearest").pack(folder.resolve("a.jar"));
        PluginJar.module(work, "acme.b", "random").pack(folder.resolve("b.jar"));
        assertEquals(
                "nearst (expected: one of nearest, random; did you mean nearest?)", error(load(), config("nearst")));
        assertEquals("zz (expected: one of nearest, random)", error(load(), config("zz")));
    }

    @Test
    void allWrongOptionsAreReportedAtOnce() throws Exception {
        PluginJar.module(work, "acme.a", "picky")
                .source(
                        "acme.a.Provider",
                        PluginJar.provider(
                                "acme.a",
                                "",
                                "picky",
                                "context.options().integer(\"size\", 1, 1, 9);"
                                        + " context.options().flag(\"fast\", true);"
                                        + " return List::getFirst;"))
                .pack(folder.resolve("a.jar"));
        Plugins plugins = load();
        StrategyException wrong = assertThrows(
                StrategyException.class,
                () -> plugins.create(
                        new StrategyConfig("picky", Map.of("size", "10", "fast", "yes", "sise", "3")), "main"));
        assertEquals(
                List.of(
                        "strategy picky: option size: 10 (expected: a whole number, 1 to 9)",
                        "strategy picky: option fast: yes (expected: true or false)",
                        "strategy picky: option sise is unknown (expected: one of fast, size; did you mean size?)"),
                wrong.errors());
        assertNotNull(plugins.create(new StrategyConfig("picky", Map.of("size", "9")), "main"));
    }

    @Test
    void createThatFailsIsTheFaultOfThePlugin() throws Exception {
        PluginJar.module(work, "acme.a", "late")
                .source(
                        "acme.a.Provider",
                        PluginJar.provider("acme.a", "", "late", "throw new NoSuchMethodError(\"gone()\");"))
                .pack(folder.resolve("a.jar"));
        assertContains(
                error(load(), config("late")),
                "strategy late: broken (module acme.a",
                "a.jar",
                "NoSuchMethodError: gone()");
    }

    @Test
    void onlyWhatHasChangedOnDiskIsLoadedAnew() throws Exception {
        PluginJar.module(work, "acme.kept", "kept").pack(folder.resolve("kept.jar"));
        PluginJar.module(work, "acme.left", "left").pack(folder.resolve("left.jar"));
        Path jar = PluginJar.module(work, "acme.made", "made").pack(folder.resolve("made.jar"));
        Plugins before = load();
        assertSame(before, before.refreshed(Optional.of(folder)), "nothing has changed");
        PluginJar.module(work, "acme.made", "made")
                .source("acme.made.Provider", PluginJar.provider("acme.made", "", "made", "return List::getLast;"))
                .pack(jar);
        Files.delete(folder.resolve("left.jar"));
        PluginJar.module(work, "acme.more", "more").pack(folder.resolve("more.jar"));
        Plugins after = before.refreshed(Optional.of(folder));
        assertEquals("b1:80", idOfPick(before.create(config("made"), "main")));
        assertEquals("b2:80", idOfPick(after.create(config("made"), "main")));
        assertEquals(
                List.of("kept", "made", "more"),
                after.strategies().stream().map(StrategyInfo::name).toList());
        assertTrue(after.isSame(before, "kept"));
        assertTrue(!after.isSame(before, "made") && !after.isSame(before, "left") && !after.isSame(before, "more"));
    }

    @Test
    void folderThatIsNotThereIsReported() {
        assertContains(
                Plugins.load(Optional.of(folder.resolve("absent"))).problems().getFirst(),
                "absent",
                "NoSuchFileException");
        assertEquals(List.of(), Plugins.load(Optional.empty()).problems());
    }

    private void faulty(String module, String members, String name) throws IOException {
        PluginJar.module(work, module, name)
                .source(module + ".Provider", PluginJar.provider(module, members, name, "return List::getFirst;"))
                .pack(folder.resolve("faulty.jar"));
    }

    private Plugins load() {
        return Plugins.load(Optional.of(folder));
    }

    private static StrategyConfig config(String name) {
        return new StrategyConfig(name, Map.of());
    }

    private static String error(Plugins plugins, StrategyConfig config) {
        StrategyException error = assertThrows(StrategyException.class, () -> plugins.create(config, "main"));
        assertEquals(1, error.errors().size());
        return error.errors().getFirst();
    }

    private static String idOfPick(Strategy strategy) {
        FakeClock clock = new FakeClock();
        try (Pool pool = Requests.pool("main", Requests.backends("b1", "b2"), strategy, clock, 1)) {
            Requests.Plain request = new Requests.Plain();
            PooledBackend picked = pool.acquire(request);
            assertNotNull(picked);
            pool.release(request, picked, new Outcome(Outcome.Kind.SUCCESS, 200, 1, 1));
            assertEquals(0, pool.faults());
            return picked.id();
        }
    }

    private static void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected <" + part + "> in <" + message + ">");
        }
    }
}
