// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ServerPackagesIT {
    /** Those of the order that exist. A rule about none would hold: so each rule is checked for these, and these are checked to be all. */
    static final List<String> PRESENT =
            List.of("config", "loop", "http", "pool", "discovery", "health", "proxy", "admin");

    private static final JavaClasses SHIPPED = Shipped.classes();
    private static final ServerPackages SERVER = new ServerPackages("io.waffle.server");

    @ParameterizedTest
    @FieldSource("PRESENT")
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
    void healthProxyAndAdminMeetInTheRoot() {
        SERVER.blind("health", "proxy", "admin").check(SHIPPED);
        SERVER.blind("proxy", "health", "admin").check(SHIPPED);
        SERVER.blind("admin", "health", "proxy").check(SHIPPED);
    }

    @Test
    void everyPresentPackageIsChecked() {
        List<String> present = ServerPackages.ORDER.stream()
                .filter(name ->
                        SHIPPED.stream().anyMatch(type -> type.getPackageName().startsWith(SERVER.root() + "." + name)))
                .toList();
        assertEquals(PRESENT, present);
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
