// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.waffle.api.InvalidOptionException;
import io.waffle.api.Options;
import io.waffle.api.StrategyProvider;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of {@link StrategyProvider}, rules P1 to P8. */
public abstract class ProviderContract extends Contract {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final List<String> NONSENSE =
            List.of("", "-1", "nonsense", "NaN", "99999999999999999999", "\u00e4 b");

    /** For subclasses. */
    protected ProviderContract() {}

    /** For each option that does not take just any text, a value it must refuse. */
    protected Map<String, String> badOptions() {
        return Map.of();
    }

    @Test
    @DisplayName("P1 the name matches [a-z][a-z0-9-]{0,62}")
    final void nameMatchesTheGrammar() {
        String name = provider().name();
        assertTrue(NAME.matcher(name).matches(), () -> "P1: name() is " + name + " (expected: " + NAME + ")");
    }

    @Test
    @DisplayName("P2 the name never changes")
    final void nameNeverChanges() {
        StrategyProvider provider = provider();
        String first = provider.name();
        provider.create(new FakeContext(options(), SEED));
        assertEquals(first, provider.name(), "P2: name() of the same provider, later");
        assertEquals(first, provider().name(), "P2: name() of another instance");
    }

    @Test
    @DisplayName("P3 a public class with a public constructor without parameters, which does not throw")
    final void canBeMade() throws ReflectiveOperationException {
        Class<?> type = provider().getClass();
        assertTrue(Modifier.isPublic(type.getModifiers()), () -> "P3: " + type + " is not public");
        Constructor<?> constructor;
        try {
            constructor = type.getConstructor();
        } catch (NoSuchMethodException e) {
            fail("P3: " + type + " has no public constructor without parameters", e);
            return;
        }
        if (constructor.trySetAccessible()) {
            assertDoesNotThrow(() -> constructor.newInstance(), () -> "P3: the constructor of " + type + " throws");
        }
    }

    @Test
    @DisplayName("P4 ServiceLoader finds it, once")
    final void isFound() {
        Class<?> type = provider().getClass();
        long found = ServiceLoader.load(StrategyProvider.class, type.getClassLoader()).stream()
                .filter(candidate -> candidate.type() == type)
                .count();
        assertEquals(1, found, () -> "P4: how often ServiceLoader finds " + type);
    }

    @Test
    @DisplayName("P5 module-info and META-INF/services declare it, and agree")
    final void declarationsAgree() {
        Class<?> type = provider().getClass();
        Declarations declared = Declarations.around(type);
        assertTrue(
                declared.services().contains(type.getName()),
                () -> "P5: META-INF/services lists " + declared.services() + " (expected: " + type.getName()
                        + " among them)");
        assertEquals(
                declared.services(), declared.provided(), "P5: what module-info provides, against META-INF/services");
    }

    @Test
    @DisplayName("P6 create works without options, and reads the same ones whatever their values")
    final void readsItsOptions() {
        Options none = Options.of(Map.of());
        create(none);
        Options some = Options.of(options());
        create(some);
        assertEquals(none.known(), some.known(), "P6: the options read, without any and with " + options());
    }

    @Test
    @DisplayName("P7 options it does not know stay unknown")
    final void leavesUnknownOptions() {
        Map<String, String> with = new HashMap<>(options());
        with.put("no-such-option", "1");
        Options options = Options.of(with);
        create(options);
        assertEquals(List.of("no-such-option"), options.unknown(), () -> "P7: the unknown among " + with);
    }

    @Test
    @DisplayName("P8 a bad value is refused by InvalidOptionException, which names the option, and by nothing else")
    final void refusesBadValues() {
        badOptions().forEach((option, value) -> {
            assertTrue(isRefused(option, value), () -> "P8: " + option + ": " + value + " is not refused");
        });
        Options none = Options.of(Map.of());
        create(none);
        for (String option : none.known()) {
            for (String value : NONSENSE) {
                isRefused(option, value);
            }
        }
    }

    private boolean isRefused(String option, String value) {
        Map<String, String> with = new HashMap<>(options());
        with.put(option, value);
        try {
            create(Options.of(with));
            return false;
        } catch (InvalidOptionException e) {
            assertEquals(option, e.option(), "P8: the option the exception names");
            return true;
        } catch (RuntimeException | Error e) {
            return fail("P8: " + option + ": " + value + " ends in another exception", e);
        }
    }

    private void create(Options options) {
        provider().create(new FakeContext(options, SEED)).close();
    }
}
