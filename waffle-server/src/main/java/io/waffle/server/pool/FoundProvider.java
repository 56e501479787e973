// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.StrategyProvider;
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

    /** @param fromFolder whether it came from the plugins folder, where reserved names are not allowed */
    static FoundProvider of(StrategyProvider provider, boolean fromFolder) throws InvalidProviderException {
        Class<?> type = provider.getClass();
        @Nullable String name;
        try {
            name = provider.name();
        } catch (Throwable fault) {
            throw new InvalidProviderException(type.getName() + ".name() failed: " + Faults.describe(fault));
        }
        if (name == null || !NAME.matcher(name).matches()) {
            throw new InvalidProviderException(
                    type.getName() + ".name(): " + Faults.line(String.valueOf(name)) + " (expected: " + NAME + ")");
        }
        if (fromFolder && RESERVED.contains(name)) {
            throw new InvalidProviderException(type.getName() + ".name(): " + name
                    + " (expected: another name; this one comes with Waffle); ignored");
        }
        return new FoundProvider(provider, new StrategyInfo(name, module(type), version(type), location(type)));
    }

    /** Whether both are the same class from the same place: a folder may be on the module path, too. */
    boolean isSameAs(FoundProvider other) {
        return provider.getClass().getName().equals(other.provider.getClass().getName())
                && info.location().equals(other.info.location());
    }

    private static String module(Class<?> type) {
        return type.getModule().isNamed() ? type.getModule().getName() : type.getName();
    }

    private static String version(Class<?> type) {
        return Optional.ofNullable(type.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .or(() -> Optional.ofNullable(type.getPackage().getImplementationVersion()))
                .orElse("unversioned");
    }

    private static String location(Class<?> type) {
        @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return "the runtime";
        }
        try {
            URI uri = source.getLocation().toURI();
            return "file".equals(uri.getScheme()) ? Path.of(uri).toString() : uri.toString();
        } catch (URISyntaxException e) {
            return source.getLocation().toString();
        }
    }
}
