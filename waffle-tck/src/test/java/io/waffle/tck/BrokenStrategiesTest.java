// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The contracts are run on strategies that break one rule each, and must say so; and on one that keeps them all. */
final class BrokenStrategiesTest {

    /** What the contracts below are run on; set before each run, by one thread. */
    private static Supplier<StrategyProvider> subject = BrokenProviders.Sound::new;

    private static Map<String, String> options = Map.of();
    private static Map<String, String> badOptions = Map.of();

    @Test
    void aSoundStrategyKeepsAllRules() {
        subject = BrokenProviders.Sound::new;
        badOptions = Map.of("level", "10");
        assertEquals(Map.of(), failures(selectClass(ForStrategy.class)));
        assertEquals(Map.of(), failures(selectClass(ForPicker.class)));
        // It is not registered: the class path of the tests has no module-info and no service file.
        assertEquals(
                List.of("P4", "P5"),
                List.copyOf(failures(selectClass(ForProvider.class)).keySet()));
        assertEquals(
                List.of("D2", "D4"),
                List.copyOf(failures(selectClass(ForDistribution.class)).keySet()),
                "first comes first served");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("brokenPickers")
    void aBrokenPickerIsFound(String rule, String message, Function<List<Backend>, Picker> picker) {
        subject = () -> new BrokenProviders.Of(context -> picker::apply);
        assertFailure(ForPicker.class, rule, message);
    }

    static Stream<Arguments> brokenPickers() {
        return Stream.of(
                pickers("K1", "K1: picked null", all -> request -> null),
                pickers("K1", "which is not a member", all -> request -> new FakeBackend("stranger")),
                pickers("K2", "the only one that is eligible", all -> request -> all.get(0)),
                pickers("K3", "which is not eligible", all -> request -> all.get(0)),
                pickers(
                        "K4",
                        "gave up",
                        all -> request -> all.stream()
                                .filter(request::isEligible)
                                .findFirst()
                                .orElseThrow(() -> new IllegalStateException("gave up"))),
                pickers("K5", "the only one that is eligible", all -> request -> {
                    for (Backend one : all) {
                        if (request.claim(one, one.inFlight())) {
                            return one;
                        }
                    }
                    return all.get(0);
                }),
                pickers("K6", "no IPv6", all -> request -> {
                    if (!request.client().isIPv4()) {
                        throw new IllegalStateException("no IPv6");
                    }
                    return all.get(0);
                }),
                pickers("K7", "two at once", all -> new BrokenProviders.OneAtATime(all.get(0))),
                pickers("K8", "10000 picks allocated", all -> request -> {
                    BrokenProviders.sink = new byte[64];
                    return all.get(0);
                }),
                pickers("K8", "10000 picks allocated", all -> request -> {
                    BrokenProviders.sink = request.field("x-tenant").orElse("").getBytes(StandardCharsets.UTF_8);
                    return all.get(0);
                }),
                pickers("K9", "K9: how often a pick slept, parked or waited", all -> request -> {
                    LockSupport.parkNanos(1_000);
                    return all.get(0);
                }),
                pickers("K10", "which is not a member", all -> telling(all, any -> new FakeBackend("stranger"))),
                pickers("K10", "which is not eligible", all -> telling(all, any -> all.get(0))),
                pickers("K10", "picks with peeks between them", all -> {
                    Picker picker = BrokenProviders.FIRST.picker(all);
                    return new BrokenProviders.Telling(picker, request -> Optional.of(picker.pick(request)));
                }),
                pickers(
                        "K10",
                        "in flight after peek",
                        all -> telling(all, request -> {
                            ((FakeBackend) all.get(0)).countIn();
                            return eligible(all, request);
                        })),
                pickers("K10", "peek returned null", all -> new BrokenProviders.Telling(all, request -> null)),
                pickers("K11", "after peek had told of another", all -> telling(all, one -> eligible(all, one))));
    }

    private static Picker telling(List<Backend> all, Function<PickRequest, Backend> tale) {
        return new BrokenProviders.Telling(all, request -> Optional.of(tale.apply(request)));
    }

    private static Backend eligible(List<Backend> all, PickRequest request) {
        return all.stream().filter(request::isEligible).findFirst().orElseThrow();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("brokenStrategies")
    void aBrokenStrategyIsFound(String rule, String message, Supplier<Strategy> strategy) {
        subject = () -> new BrokenProviders.Of(context -> strategy.get());
        assertFailure(ForStrategy.class, rule, message);
    }

    static Stream<Arguments> brokenStrategies() {
        Map<Backend, Integer> shared = new HashMap<>();
        return Stream.of(
                strategies("S1", "no more than 100", () -> backends -> {
                    if (backends.size() > 100) {
                        throw new IllegalStateException("no more than 100");
                    }
                    return request -> backends.get(0);
                }),
                strategies("S2", "which is not a member", () -> new BrokenProviders.KeepsFirstMembers()),
                strategies("S3", "picked null", () -> backends -> {
                    int weight = backends.get(0).weight();
                    return request -> weight == 6_553_500 && backends.get(1).weight() == 200 ? null : backends.get(0);
                }),
                strategies("S4", "which is not a member", () -> new BrokenProviders.SharesMembers()),
                strategies(
                        "S5",
                        "never heard of",
                        () -> new BrokenProviders.Reporting(backend -> {
                            if (!shared.containsKey(backend)) {
                                throw new IllegalStateException("never heard of " + backend);
                            }
                        })),
                strategies(
                        "S5",
                        "started and completed waited",
                        () -> new BrokenProviders.Reporting(waitingIn(Thread.currentThread()))),
                strategies("S6", "close() again", () -> new BrokenProviders.ClosesOnce()));
    }

    /** In one thread of many: in all of them it would take half a minute to see the same. */
    private static Consumer<Backend> waitingIn(Thread one) {
        return backend -> {
            if (Thread.currentThread() == one) {
                LockSupport.parkNanos(1_000);
            }
        };
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("subtlyWrong")
    void whatShowsOnlyInServiceIsFound(String rule, String message, Function<StrategyContext, Strategy> strategy) {
        subject = () -> new BrokenProviders.Of(strategy);
        assertFailure(rule.startsWith("K") ? ForPicker.class : ForStrategy.class, rule, message);
    }

    static Stream<Arguments> subtlyWrong() {
        return Stream.of(
                wrong("S7", "has changed from 100 to 9900", any -> new SubtlyWrong.StaleWeights()),
                wrong("S8", "ended with CLIENT_GONE", any -> new SubtlyWrong.LeakyCounts()),
                wrong("S9", "of 50 backends that left", any -> new SubtlyWrong.KeepsAll()),
                wrong("S10", "after one answer that took 10 s", any -> new SubtlyWrong.Fastest()),
                wrong("K7", "with 8 threads at once: java.lang.", any -> new SubtlyWrong.Racy()),
                wrong("K9", "SubtlyWrong$SleepsOnRetry.pause, line", any -> new SubtlyWrong.SleepsOnRetry()),
                wrong("K9", "by the clock of the context", SubtlyWrong.Spins::new),
                wrong("K12", "an AtomicInteger was 2^31", any -> new SubtlyWrong.Overflows()),
                wrong("K13", "waited for one another", any -> new SubtlyWrong.OneLock()),
                wrong("K14", "a pick for attempt 2 takes", any -> new SubtlyWrong.SleepsOnRetry()),
                wrong("K15", "IPv6 networks", any -> new SubtlyWrong.LowBits()));
    }

    private static Arguments wrong(String rule, String message, Function<StrategyContext, Strategy> strategy) {
        return Arguments.of(rule, message, strategy);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("brokenProviders")
    void aBrokenProviderIsFound(String rule, String message, Supplier<StrategyProvider> provider) {
        subject = provider;
        assertFailure(ForProvider.class, rule, message);
    }

    static Stream<Arguments> brokenProviders() {
        AtomicInteger names = new AtomicInteger();
        return Stream.of(
                providers(
                        "P1",
                        "P1: name() is Round_Robin",
                        () -> new BrokenProviders.Of("Round_Robin", context -> BrokenProviders.FIRST)),
                providers(
                        "P2",
                        "P2: name() of another instance",
                        () -> new BrokenProviders.Of("n" + names.incrementAndGet(), context -> BrokenProviders.FIRST)),
                providers(
                        "P3",
                        "has no public constructor without parameters",
                        () -> new BrokenProviders.Of(context -> BrokenProviders.FIRST)),
                providers("P3", "is not public", BrokenProviders.NotPublic::new),
                providers("P3", "throws", BrokenProviders.ThrowsTheSecondTime::make),
                providers("P4", "how often ServiceLoader finds", BrokenProviders.Sound::new),
                providers("P5", "META-INF/services lists []", BrokenProviders.Sound::new),
                providers(
                        "P6",
                        "needs level",
                        () -> new BrokenProviders.Of(context -> {
                            if (context.options().text("level", "").isEmpty()) {
                                throw new IllegalStateException("needs level");
                            }
                            return BrokenProviders.FIRST;
                        })),
                providers(
                        "P7",
                        "P7: the unknown among",
                        () -> new BrokenProviders.Of(context -> {
                            context.options().unknown().forEach(name -> context.options()
                                    .text(name, ""));
                            return BrokenProviders.FIRST;
                        })),
                providers(
                        "P8",
                        "ends in another exception",
                        () -> new BrokenProviders.Of(context -> {
                            Integer.parseInt(context.options().text("level", "1"));
                            return BrokenProviders.FIRST;
                        })));
    }

    @Test
    void aBadOptionThatIsTakenIsFound() {
        subject = () -> new BrokenProviders.Of(context -> {
            context.options().text("level", "");
            return BrokenProviders.FIRST;
        });
        badOptions = Map.of("level", "10");
        assertFailure(ForProvider.class, "P8", "level: 10 is not refused");
        badOptions = Map.of();
    }

    private static void assertFailure(Class<?> contract, String rule, String message) {
        Map<String, String> failures = failures(tests(contract, rule));
        assertTrue(
                failures.getOrDefault(rule, "").contains(message),
                () -> "expected from " + rule + ": " + message + "; failures were " + failures);
    }

    /** Those of one rule: the others might take what is broken for long. */
    private static DiscoverySelector[] tests(Class<?> contract, String rule) {
        return Stream.of(contract.getSuperclass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(DisplayName.class)
                        && method.getAnnotation(DisplayName.class).value().startsWith(rule + " "))
                .map(method -> selectMethod(contract, method))
                .toArray(DiscoverySelector[]::new);
    }

    /** The rules broken, each with its message. */
    private static Map<String, String> failures(DiscoverySelector... tests) {
        Map<String, String> failures = new TreeMap<>();
        EngineTestKit.engine("junit-jupiter").selectors(tests).execute().testEvents().failed().stream()
                .forEach(event -> failures.put(rule(event), message(event)));
        return failures;
    }

    private static String rule(Event event) {
        return event.getTestDescriptor().getDisplayName().split(" ")[0];
    }

    private static String message(Event event) {
        return event.getPayload(TestExecutionResult.class)
                .flatMap(TestExecutionResult::getThrowable)
                .map(Throwable::toString)
                .orElse("");
    }

    private static Arguments pickers(String rule, String message, Function<List<Backend>, Picker> picker) {
        return Arguments.of(rule, message, picker);
    }

    private static Arguments strategies(String rule, String message, Supplier<Strategy> strategy) {
        return Arguments.of(rule, message, strategy);
    }

    private static Arguments providers(String rule, String message, Supplier<StrategyProvider> provider) {
        return Arguments.of(rule, message, provider);
    }

    static final class ForProvider extends ProviderContract {
        @Override
        protected StrategyProvider provider() {
            return subject.get();
        }

        @Override
        protected Map<String, String> options() {
            return options;
        }

        @Override
        protected Map<String, String> badOptions() {
            return badOptions;
        }
    }

    static final class ForStrategy extends StrategyContract {
        @Override
        protected StrategyProvider provider() {
            return subject.get();
        }
    }

    static final class ForPicker extends PickerContract {
        @Override
        protected StrategyProvider provider() {
            return subject.get();
        }
    }

    static final class ForDistribution extends DistributionContract {
        @Override
        protected StrategyProvider provider() {
            return subject.get();
        }
    }
}
