// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Backend;
import io.waffle.api.StrategyContext;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers a strategy keeps, wherever they are: so that what it does after 2^31 picks can be seen without making them. Found by reflection, in
 * the fields of its own classes and what these hold; where a module does not let one look, nothing is found.
 */
final class Counters {

    /** What holds more than this holds backends, not counters. */
    private static final int MOST_ELEMENTS = 100;

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> ahead = new ArrayDeque<>();
    private final List<Counter> found = new ArrayList<>();

    private Counters() {}

    /**
     * A number that can be set.
     *
     * @param name of the class and the field, or of the type that holds it
     */
    record Counter(String name, LongSupplier value, LongConsumer change) {

        long get() {
            return value.getAsLong();
        }

        void set(long to) {
            change.accept(to);
        }
    }

    /** All that can be reached from these. */
    static List<Counter> of(Object... roots) {
        Counters counters = new Counters();
        for (Object root : roots) {
            counters.reach(root);
        }
        while (!counters.ahead.isEmpty()) {
            counters.look(counters.ahead.remove());
        }
        return counters.found;
    }

    private void reach(@Nullable Object object) {
        if (object != null && seen.add(object)) {
            ahead.add(object);
        }
    }

    private void look(Object object) {
        switch (object) {
            case AtomicInteger number -> add("an AtomicInteger", number::get, to -> number.set((int) to));
            case AtomicLong number -> add("an AtomicLong", number::get, number::set);
            case LongAdder number -> add("a LongAdder", number::sum, to -> number.add(to - number.sum()));
            case AtomicReference<?> reference -> reach(reference.get());
            case Object[] array -> reachAll(Arrays.asList(array));
            case Collection<?> collection -> reachAll(collection);
            case Map<?, ?> map -> reachAll(map.values());
            default -> lookInto(object);
        }
    }

    private void reachAll(Collection<?> collection) {
        collection.stream().limit(MOST_ELEMENTS).forEach(this::reach);
    }

    private void lookInto(Object object) {
        for (Class<?> type = object.getClass(); type != null && isOfAuthor(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.trySetAccessible()) {
                    lookAt(field, object);
                }
            }
        }
    }

    private void lookAt(Field field, Object object) {
        Class<?> type = field.getType();
        boolean changes = !Modifier.isFinal(field.getModifiers());
        if (type == int.class && changes) {
            add(name(field), () -> number(field, object), to -> set(field, object, (int) to));
        } else if (type == long.class && changes) {
            add(name(field), () -> number(field, object), to -> set(field, object, to));
        } else if (!type.isPrimitive()) {
            try {
                reach(field.get(object));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void add(String name, LongSupplier value, LongConsumer change) {
        found.add(new Counter(name, value, change));
    }

    /** Neither the JDK's nor one of the kit's stand-ins, whose counts are the test's own. */
    private static boolean isOfAuthor(Class<?> type) {
        return !type.getName().startsWith("java.")
                && !type.getName().startsWith("jdk.")
                && !Backend.class.isAssignableFrom(type)
                && !StrategyContext.class.isAssignableFrom(type);
    }

    private static String name(Field field) {
        return field.getDeclaringClass().getSimpleName() + "." + field.getName();
    }

    private static long number(Field field, Object object) {
        try {
            return field.getLong(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static void set(Field field, Object object, Number to) {
        try {
            field.set(object, to);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
