// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.waffle.dist.WaffleModules;

/** The classes of Waffle in {@code lib}: what ships, not what a folder of the build happens to hold. */
final class Shipped {
    private static final JavaClasses CLASSES = new ClassFileImporter().importUrls(WaffleModules.ours());

    private Shipped() {}

    static JavaClasses classes() {
        return CLASSES;
    }
}
