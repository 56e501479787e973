// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
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
    private static final Executor ORDINARY;
    private static final String PROBLEM;

    static {
        Constructor<?> builder = null;
        Executor ordinary = ForkJoinPool.commonPool();
        String problem = "";
        try {
            Constructor<?> found = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            found.setAccessible(true);
            ordinary = defaultScheduler();
            builder = found;
        } catch (ReflectiveOperationException | RuntimeException e) {
            problem = e.toString();
        }
        BUILDER = builder;
        ORDINARY = ordinary;
        PROBLEM = problem;
    }

    private static Executor defaultScheduler() throws ReflectiveOperationException {
        Field scheduler = Class.forName("java.lang.VirtualThread").getDeclaredField("DEFAULT_SCHEDULER");
        scheduler.setAccessible(true);
        return (Executor) scheduler.get(null);
    }

    private CarrierAccess() {}

    /** Why virtual threads cannot be given a carrier here; empty if they can. */
    static String problem() {
        return PROBLEM;
    }

    /** What virtual threads run on for which nobody has chosen. */
    static Executor ordinary() {
        return ORDINARY;
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
