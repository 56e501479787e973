// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts each setup once, when the first test asks for it; the run's end closes all. */
final class Sites implements ParameterResolver, BeforeEachCallback, AfterEachCallback {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Site.class;
    }

    @Override
    public Site resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return site(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        site(context).forget();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        site(context).assertNoFaults();
    }

    private static Site site(ExtensionContext context) {
        Setup setup = context.getRequiredTestClass().getAnnotation(On.class).value();
        return context.getRoot()
                .getStore(Namespace.create(Sites.class))
                .getOrComputeIfAbsent(setup, Setup::open, Site.class);
    }
}
