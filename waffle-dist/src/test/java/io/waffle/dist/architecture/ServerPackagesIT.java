// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ServerPackagesIT {
    private static final JavaClasses SHIPPED = Shipped.classes();
    private static final ServerPackages SERVER = new ServerPackages("io.waffle.server");

    @ParameterizedTest
    @FieldSource("io.waffle.dist.architecture.ServerPackages#ORDER")
    void packageSeesOnlyThoseBeforeIt(String name) {
        SERVER.order(name).check(SHIPPED);
    }

    @Test
    void loopDependsOnNothingOfOurs() {
        SERVER.independent("loop").check(SHIPPED);
    }

    /** The one exception is a value: the address that forwarded fields name and strategies see. */
    @Test
    void httpDependsOnNothingOfOurs() {
        SERVER.independent("http", "io.waffle.api.ClientAddress").check(SHIPPED);
    }

    @Test
    void healthProxyAndAdminMeetWhereTheyRun() {
        SERVER.blind("health", "proxy", "admin").check(SHIPPED);
        SERVER.blind("proxy", "health", "admin").check(SHIPPED);
        SERVER.blind("admin", "health", "proxy").check(SHIPPED);
    }

    @Test
    void everyPackageHasItsPlace() {
        SERVER.complete().check(SHIPPED);
    }

    @Test
    void helidonStaysOutside() {
        SERVER.withoutHelidon().check(SHIPPED);
    }

    @Test
    void oneClassAsksTheResolverOfTheHost() {
        SERVER.withoutResolver("discovery.HostSource").check(SHIPPED);
    }

    @Test
    void noCyclesBetweenPackages() {
        slices().matching("io.waffle.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(false)
                .check(SHIPPED);
    }
}
