// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerPackagesTest {
    static final List<String> ORDER = ServerPackages.ORDER;

    private static final JavaClasses SHIPPED = Shipped.classes();
    private static final ServerPackages SERVER = new ServerPackages("io.waffle.server");

    @ParameterizedTest
    @FieldSource("ORDER")
    void packageSeesOnlyThoseBeforeIt(String name) {
        SERVER.order(name).check(SHIPPED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "http"})
    void packageDependsOnNothingOfOurs(String name) {
        SERVER.independent(name).check(SHIPPED);
    }

    @Test
    void healthProxyAndAdminMeetInTheRoot() {
        SERVER.blind("health", "proxy", "admin").check(SHIPPED);
        SERVER.blind("proxy", "health", "admin").check(SHIPPED);
        SERVER.blind("admin", "proxy").check(SHIPPED);
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
    void noCyclesBetweenPackages() {
        slices().matching("io.waffle.(**)").should().beFreeOfCycles().allowEmptyShould(false).check(SHIPPED);
    }
}
