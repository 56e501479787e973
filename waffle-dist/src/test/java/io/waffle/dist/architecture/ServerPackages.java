// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The order of the server's packages: each may see only those before it. The rules are made for a root package, so that the tests can show
 * them at work on classes that break them.
 */
record ServerPackages(String root) {
    static final List<String> ORDER = List.of(
            "config",
            "loop",
            "tls",
            "http",
            "peer",
            "limit",
            "plugin",
            "pool",
            "discovery",
            "health",
            "route",
            "proxy",
            "admin",
            "run",
            "cli");

    private static final Set<String> BLOCKING =
            Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName", "isReachable");

    /** A package sees none of those after it. */
    ArchRule order(String name) {
        List<String> later = ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size());
        String[] unseen = later.stream().map(this::in).toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(in(name))
                .should()
                .dependOnClassesThat(resideInAnyPackage(unseen))
                .because("each package sees only those before it: " + ORDER)
                .allowEmptyShould(false);
    }

    /** A package could as well be a library of its own: nothing of Waffle is seen from it, but for the types named. */
    ArchRule independent(String name, String... exceptions) {
        return noClasses()
                .that()
                .resideInAPackage(in(name))
                .should()
                .dependOnClassesThat(resideInAPackage("io.waffle..")
                        .and(not(resideInAPackage(in(name))))
                        .and(describe("are not " + List.of(exceptions), type -> !List.of(exceptions)
                                .contains(type.getName()))))
                .because(name + " depends on nothing of ours")
                .allowEmptyShould(false);
    }

    ArchRule blind(String name, String... others) {
        String[] unseen = Stream.of(others).map(this::in).toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(in(name))
                .should()
                .dependOnClassesThat(resideInAnyPackage(unseen))
                .because("they meet in run only")
                .allowEmptyShould(false);
    }

    /** Every class is in a package that has a place in the order. */
    ArchRule complete() {
        String[] known = ORDER.stream().map(this::in).toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .resideInAnyPackage(known)
                .because("a new package needs a place in the order")
                .allowEmptyShould(false);
    }

    /** The wire, the balancing and the meters know nothing of the platform that accepts connections. */
    ArchRule withoutHelidon() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("loop"), in("tls"), in("http"), in("plugin"), in("pool"))
                .should()
                .dependOnClassesThat(resideInAPackage("io.helidon.."))
                .because("Helidon is for the admin API and the demo")
                .allowEmptyShould(false);
    }

    /**
     * The host's resolver blocks in native code, on a loop everybody's thread: one class calls it, on threads that are for nothing else. All
     * others have their addresses from there, or from what was read as one.
     */
    ArchRule withoutResolver(String caller) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .doNotHaveFullyQualifiedName(root + "." + caller)
                .should()
                .callCodeUnitWhere(describe("asks the resolver of the host", ServerPackages::resolves))
                .because("names are looked up by " + caller)
                .allowEmptyShould(false);
    }

    private static boolean resolves(JavaCall<?> call) {
        String owner = call.getTargetOwner().getName();
        boolean takesText = call.getTarget().getRawParameterTypes().stream()
                .anyMatch(type -> type.getName().equals("java.lang.String"));
        return switch (owner) {
            case "java.net.InetAddress", "java.net.Inet4Address", "java.net.Inet6Address" ->
                BLOCKING.contains(call.getName());
            case "java.net.InetSocketAddress" ->
                call.getName().equals("getHostName")
                        || (takesText && call.getName().equals("<init>"));
            case "java.net.Socket" -> takesText && call.getName().equals("<init>");
            default -> false;
        };
    }

    private String in(String name) {
        return root + "." + name + "..";
    }
}
