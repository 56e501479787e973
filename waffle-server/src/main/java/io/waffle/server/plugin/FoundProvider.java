// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import io.waffle.api.Options;
import io.waffle.api.Strategy;
import io.waffle.api.StrategyContext;
import io.waffle.api.StrategyProvider;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A provider that could be made, and whose name is one. */
record FoundProvider(StrategyProvider provider, StrategyInfo info) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** What comes with Waffle. That these names are taken is all the server knows of its strategies. */
    private static final Set<String> RESERVED = Set.of("round-robin", "ip-hash", "least-connections");

    /** @param plugin what it came with, if that is in the plugins folder, where reserved names are not allowed */
    static FoundProvider of(StrategyProvider provider, Optional<PluginCode> plugin) throws InvalidProviderException {
        Class<?> type = provider.getClass();
        @Nullable String name = name(provider);
        if (name == null || !NAME.matcher(name).matches()) {
            throw new InvalidProviderException(
                    type.getName() + ".name(): " + Faults.line(String.valueOf(name)) + " (expected: " + NAME + ")");
        }
        if (plugin.isPresent() && RESERVED.contains(name)) {
            throw new InvalidProviderException(type.getName() + ".name(): " + name
                    + " (expected: another name; this one comes with Waffle); ignored");
        }
        Optional<ModuleDescriptor> jar = plugin.flatMap(code -> code.origin(type))
                .or(() -> Optional.ofNullable(type.getModule().getDescriptor()));
        return new FoundProvider(
                provider, new StrategyInfo(name, module(type, jar), version(type, jar), location(type)));
    }

    private static @Nullable String name(StrategyProvider provider) throws InvalidProviderException {
        ForeignCode code = new ForeignCode(provider.getClass());
        @Nullable ClassLoader outside = code.enter();
        try {
            return provider.name();
        } catch (Throwable fault) {
            throw new InvalidProviderException(
                    provider.getClass().getName() + ".name() failed: " + Faults.describe(fault));
        } finally {
            code.leave(outside);
        }
    }

    /** Makes a strategy. Throws whatever the provider throws. */
    @Nullable
    Strategy create(StrategyContext context) {
        ForeignCode code = new ForeignCode(provider.getClass());
        @Nullable ClassLoader outside = code.enter();
        try {
            return provider.create(context);
        } finally {
            code.leave(outside);
        }
    }

    /** Whether both are the same class from the same place: a folder may be on the module path, too. */
    boolean isSameAs(FoundProvider other) {
        return provider.getClass().getName().equals(other.provider.getClass().getName())
                && info.location().equals(other.info.location());
    }

    /** Says what is wrong with options, if it says so by itself. Throws whatever the provider throws. */
    void validate(Options options) {
        ForeignCode code = new ForeignCode(provider.getClass());
        @Nullable ClassLoader outside = code.enter();
        try {
            provider.validate(options);
        } finally {
            code.leave(outside);
        }
    }

    /** Whether it says by itself what is wrong with options. */
    boolean validates() {
        try {
            Class<?> declaring =
                    provider.getClass().getMethod("validate", Options.class).getDeclaringClass();
            return declaring != StrategyProvider.class;
        } catch (NoSuchMethodException | LinkageError e) {
            return false;
        }
    }

    private static String module(Class<?> type, Optional<ModuleDescriptor> jar) {
        return jar.map(ModuleDescriptor::name).orElseGet(type::getName);
    }

    private static String version(Class<?> type, Optional<ModuleDescriptor> jar) {
        return jar.flatMap(ModuleDescriptor::rawVersion)
                .or(() -> Optional.ofNullable(type.getPackage().getImplementationVersion()))
                .orElse("unversioned");
    }

    /** As others know it: the launcher hands the module path over as an open folder of this process (ADR 0006). */
    private static Path known(Path jar) {
        if (!jar.startsWith("/proc/self")) {
            return jar;
        }
        try {
            return jar.toRealPath();
        } catch (IOException e) {
            return jar; // there is no better name
        }
    }

    private static String location(Class<?> type) {
        @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return "the runtime";
        }
        try {
            URI uri = source.getLocation().toURI();
            return "file".equals(uri.getScheme()) ? known(Path.of(uri)).toString() : uri.toString();
        } catch (URISyntaxException e) {
            return source.getLocation().toString();
        }
    }
}
