// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/** The rules that keep a plugin framework one. Made for packages, so that the tests can show them at work on classes that break them. */
final class PluginRules {
    private static final Pattern CLOCK_OR_RANDOM = Pattern.compile(
            "java\\.lang\\.System\\.(nanoTime|currentTimeMillis)"
                    + "|java\\.lang\\.Math\\.random|java\\.time\\.\\w+\\.now|java\\.time\\.Clock\\.system\\w*|java\\.time\\.InstantSource\\.system"
                    + "|java\\.util\\.Random\\.<init>|java\\.util\\.SplittableRandom\\.<init>|java\\.security\\.SecureRandom\\.<init>"
                    + "|java\\.util\\.concurrent\\.ThreadLocalRandom\\.current|java\\.util\\.random\\.RandomGenerator\\.(getDefault|of)");

    private static final Pattern WAITING =
            Pattern.compile("java\\.lang\\.Thread\\.(sleep|join|onSpinWait|yield)|java\\.lang\\.Object\\.wait"
                    + "|java\\.util\\.concurrent\\.locks\\.LockSupport\\.park\\w*|java\\.util\\.concurrent\\.(CompletableFuture|Future)\\.(get|join)"
                    + "|java\\.util\\.concurrent\\.\\w+\\.(await|acquire|take|put)");

    private static final Pattern END_OF_PROCESS =
            Pattern.compile("java\\.lang\\.System\\.exit|java\\.lang\\.Runtime\\.(exit|halt)");

    private PluginRules() {}

    static ArchRule seesOnly(String what, String... packages) {
        return classes()
                .that()
                .resideInAPackage(what)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages))
                .allowEmptyShould(false);
    }

    static ArchRule neverNames(String who, String... packages) {
        return noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat(resideInAnyPackage(packages))
                .because("strategies are found, not named")
                .allowEmptyShould(false);
    }

    /** Only the class with this name, and the classes inside it, may load services. */
    static ArchRule serviceLoaderOnlyIn(String packages, String seam) {
        return noClasses()
                .that(resideInAPackage(packages).and(not(isOrIsIn(seam))))
                .should()
                .dependOnClassesThat(assignableTo(ServiceLoader.class))
                .because("plugins are found in one place")
                .allowEmptyShould(false);
    }

    static ArchRule clockAndRandomInjected(DescribedPredicate<JavaClass> where) {
        return noClasses()
                .that(where)
                .should(ArchConditions.callCodeUnitWhere(
                        calls(CLOCK_OR_RANDOM, "the clock or a source of random numbers")))
                .because("both are injected, so that tests can move and seed them")
                .allowEmptyShould(false);
    }

    static ArchRule neverWaits(DescribedPredicate<JavaClass> where) {
        return noClasses()
                .that(where)
                .should(ArchConditions.callCodeUnitWhere(calls(WAITING, "something that waits")))
                .because("a pick is made on an event loop")
                .allowEmptyShould(false);
    }

    static ArchRule withoutInputAndOutput(DescribedPredicate<JavaClass> where) {
        return noClasses()
                .that(where)
                .should()
                .dependOnClassesThat(
                        nameMatching(
                                "java\\.io\\.(?!Serializable|UncheckedIOException).*"
                                        + "|java\\.nio\\.(channels|file)\\..*|java\\.net\\.(http\\..*|\\w*Socket\\w*|URLConnection|URL)"))
                .because("a pick is made on an event loop")
                .allowEmptyShould(false);
    }

    static ArchRule withoutLocks(DescribedPredicate<JavaClass> where) {
        return noClasses()
                .that(where)
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent.locks"))
                .because("picks are concurrent and never wait for each other")
                .allowEmptyShould(false);
    }

    static ArchRule withoutSynchronizedMethods(DescribedPredicate<JavaClass> where) {
        return noMethods()
                .that()
                .areDeclaredInClassesThat(where)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .because("picks are concurrent and never wait for each other")
                .allowEmptyShould(false);
    }

    static ArchRule withoutStandardStreamsAndExit(String packages, String seam) {
        return noClasses()
                .that(resideInAPackage(packages).and(not(isOrIsIn(seam))))
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .orShould(ArchConditions.callCodeUnitWhere(calls(END_OF_PROCESS, "the end of the process")))
                .because("only the command line speaks to the terminal and decides about exit codes")
                .allowEmptyShould(false);
    }

    static DescribedPredicate<JavaClass> isOrIsIn(String name) {
        return DescribedPredicate.describe(
                "are " + name,
                type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Pattern pattern, String description) {
        return DescribedPredicate.describe(
                description,
                access -> access.getTarget() instanceof CodeUnitCallTarget target
                        && pattern.matcher(target.getOwner().getName() + "." + target.getName())
                                .matches());
    }
}
