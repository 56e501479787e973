// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class PluginRulesIT {
    private static final JavaClasses SHIPPED = Shipped.classes();

    private static final DescribedPredicate<JavaClass> STRATEGIES = resideInAPackage("io.waffle.strategy..");
    private static final DescribedPredicate<JavaClass> POOL =
            resideInAnyPackage("io.waffle.server.plugin..", "io.waffle.server.pool..");

    /** The one place where plugins are found and loaded: at start, and never on the road of a request. */
    private static final String FINDER = "io.waffle.server.plugin.PluginFinder";

    /** Where the real clock and the real random numbers come from, for pool and strategies alike. */
    private static final String SEAM = "io.waffle.server.plugin.Plugins";

    /** Describes a plugin that was found: the only other one that knows what a file is. */
    private static final String FOUND = "io.waffle.server.plugin.FoundProvider";

    private static final DescribedPredicate<JavaClass> CODE = PluginRules.isOrIsIn("io.waffle.server.plugin.PluginCode")
            .or(PluginRules.isOrIsIn("io.waffle.server.plugin.ClosedModule"))
            .or(PluginRules.isOrIsIn("io.waffle.server.plugin.ApiVersion"))
            .or(PluginRules.isOrIsIn("io.waffle.server.plugin.PluginStamp"));

    private static final DescribedPredicate<JavaClass> LOADING = PluginRules.isOrIsIn(FINDER)
            .or(PluginRules.isOrIsIn(SEAM))
            .or(PluginRules.isOrIsIn(FOUND))
            .or(CODE);

    /** A change waits, for a bounded time, for its picker; a pick never does. */
    private static final DescribedPredicate<JavaClass> MAKER =
            PluginRules.isOrIsIn("io.waffle.server.pool.PickerMaker");

    /**
     * Changes of membership are serialised by a lock, which picking only ever tries; and so are those who wait for a full backend, where nobody
     * else comes.
     */
    private static final DescribedPredicate<JavaClass> SERIALISED = PluginRules.isOrIsIn("io.waffle.server.pool.Roster")
            .or(PluginRules.isOrIsIn("io.waffle.server.pool.WaitQueue"));

    @Test
    void apiSeesOnlyTheJdkAndJspecify() {
        PluginRules.seesOnly("io.waffle.api..", "java..", "org.jspecify..", "io.waffle.api..")
                .check(SHIPPED);
    }

    @Test
    void strategiesSeeOnlyTheApi() {
        // @AutoService is in the class file, and nobody reads it there.
        PluginRules.seesOnly(
                        "io.waffle.strategy..",
                        "java..",
                        "org.jspecify..",
                        "com.google.auto.service..",
                        "io.waffle.api..",
                        "io.waffle.strategy..")
                .check(SHIPPED);
    }

    @Test
    void serverNeverNamesAStrategy() {
        PluginRules.neverNames("io.waffle.server..", "io.waffle.strategy..").check(SHIPPED);
    }

    @Test
    void servicesAreLoadedInOnePlace() {
        PluginRules.serviceLoaderOnlyIn("io.waffle..", FINDER).check(SHIPPED);
    }

    @Test
    void strategiesNeitherWaitNorLockNorDoInputAndOutput() {
        PluginRules.neverWaits(STRATEGIES).check(SHIPPED);
        PluginRules.withoutLocks(STRATEGIES).check(SHIPPED);
        PluginRules.withoutSynchronizedMethods(STRATEGIES).check(SHIPPED);
        PluginRules.withoutInputAndOutput(STRATEGIES).check(SHIPPED);
    }

    @Test
    void poolNeitherWaitsNorLocksNorDoesInputAndOutput() {
        PluginRules.neverWaits(POOL.and(not(MAKER))).check(SHIPPED);
        PluginRules.withoutLocks(POOL.and(not(SERIALISED))).check(SHIPPED);
        PluginRules.withoutInputAndOutput(POOL.and(not(LOADING))).check(SHIPPED);
    }

    @Test
    void clockAndRandomAreInjected() {
        PluginRules.clockAndRandomInjected(STRATEGIES).check(SHIPPED);
        PluginRules.clockAndRandomInjected(POOL.and(not(PluginRules.isOrIsIn(SEAM))))
                .check(SHIPPED);
    }

    @Test
    void onlyTheCommandLineTouchesTerminalAndExitCode() {
        PluginRules.withoutStandardStreamsAndExit("io.waffle..", "io.waffle.server.cli.Main")
                .check(SHIPPED);
    }
}
