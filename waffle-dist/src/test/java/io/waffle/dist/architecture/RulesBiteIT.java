// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule, held against classes that break it: a rule that cannot fail protects nothing. */
class RulesBiteIT {
    private static final String ROOT = RulesBiteIT.class.getPackageName() + ".broken";
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(ROOT);

    static Stream<Arguments> rules() {
        var server = new ServerPackages(ROOT);
        DescribedPredicate<JavaClass> pool = resideInAPackage(ROOT + ".pool..");
        return Stream.of(
                Arguments.of("SeesPool", server.order("loop")),
                Arguments.of("SeesPool", server.independent("loop")),
                Arguments.of("SeesProxy", server.blind("health", "proxy")),
                Arguments.of("SeesHealth", server.blind("proxy", "health")),
                Arguments.of("Misplaced", server.complete()),
                Arguments.of("io.helidon", server.withoutHelidon()),
                Arguments.of("getAllByName", server.withoutResolver("none")),
                Arguments.of("InetSocketAddress", server.withoutResolver("none")),
                Arguments.of(
                        "Cycle", slices().matching(ROOT + ".(*)..").should().beFreeOfCycles()),
                Arguments.of("SeesPool", PluginRules.seesOnly(ROOT + ".loop..", "java..")),
                Arguments.of("SeesPool", PluginRules.neverNames(ROOT + ".loop..", ROOT + ".pool..")),
                Arguments.of("ServiceLoader", PluginRules.serviceLoaderOnlyIn(ROOT + "..", "none")),
                Arguments.of("nanoTime", PluginRules.clockAndRandomInjected(pool)),
                Arguments.of("java.util.Random", PluginRules.clockAndRandomInjected(pool)),
                Arguments.of("sleep", PluginRules.neverWaits(pool)),
                Arguments.of("java.nio.file.Files", PluginRules.withoutInputAndOutput(pool)),
                Arguments.of("ReentrantLock", PluginRules.withoutLocks(pool)),
                Arguments.of("clock", PluginRules.withoutSynchronizedMethods(pool)),
                Arguments.of("System.out", PluginRules.withoutStandardStreamsAndExit(ROOT + "..", "none")),
                Arguments.of("System.exit", PluginRules.withoutStandardStreamsAndExit(ROOT + "..", "none")));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("rules")
    void ruleFindsTheOffender(String named, ArchRule rule) {
        AssertionError error = assertThrows(AssertionError.class, () -> rule.check(BROKEN));
        assertTrue(String.valueOf(error.getMessage()).contains(named), error::getMessage);
    }

    /** No class matched is no success: a renamed package must not switch its rule off. */
    @Test
    void ruleAboutNothingFails() {
        assertThrows(
                AssertionError.class,
                () -> new ServerPackages("io.waffle.renamed").order("loop").check(BROKEN));
        assertThrows(AssertionError.class, () -> PluginRules.neverWaits(resideInAPackage("io.waffle.renamed"))
                .check(BROKEN));
        assertThrows(AssertionError.class, () -> PluginRules.seesOnly("io.waffle.renamed..", "java..")
                .check(BROKEN));
    }
}
