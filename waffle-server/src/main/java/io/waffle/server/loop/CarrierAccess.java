// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one place that goes behind the JDK's public API: makes builders of virtual threads whose carrier is chosen by us.
 *
 * <p>JDK 25 has no public way to give a virtual thread its scheduler. The constructor used here is package-private, was put there for the
 * JDK's own tests, and needs {@code --add-opens java.base/java.lang=io.waffle.server}. Where that door is shut, {@link #problem()} says so
 * and everything runs on the JDK's scheduler (docs/adr/0003).
 */
final class CarrierAccess {

    static final String OPENING = "--add-opens java.base/java.lang=io.waffle.server";

    private static final @Nullable Constructor<?> BUILDER;
    private static final String PROBLEM;

    static {
        Constructor<?> builder = null;
        String problem = "";
        try {
            builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            builder = null;
            problem = e.toString();
        }
        BUILDER = builder;
        PROBLEM = problem;
    }

    private CarrierAccess() {}

    /** Why virtual threads cannot be given a carrier here; empty if they can. */
    static String problem() {
        return PROBLEM;
    }

    /** A builder of virtual threads whose continuations are run by this executor, which must run them on a platform thread. */
    static Thread.Builder.OfVirtual builder(Executor scheduler) {
        Constructor<?> builder = BUILDER;
        if (builder == null) {
            throw new IllegalStateException(PROBLEM);
        }
        try {
            return (Thread.Builder.OfVirtual) builder.newInstance(scheduler);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
