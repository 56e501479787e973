// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import io.waffle.api.StrategyProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Version;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.Optional;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * For which version of {@code io.waffle.api} a jar was made. The compiler writes it into a module's descriptor; a plain jar may say it in its
 * manifest, by {@link #ATTRIBUTE}. A later one than there is may have what there is not: a plugin that uses that would be found well at the start,
 * and fail at each pick.
 */
final class ApiVersion {

    /** The main attribute of a manifest. */
    static final String ATTRIBUTE = "Waffle-API-Version";

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private ApiVersion() {}

    /** Refuses a jar that was made for a later version than there is. One that does not say is taken. */
    static void check(ModuleReference jar) throws InvalidProviderException {
        Optional<Version> made = compiled(jar.descriptor()).or(() -> stated(jar));
        Optional<Version> here = here();
        if (made.isPresent() && here.isPresent() && made.get().compareTo(here.get()) > 0) {
            throw new InvalidProviderException(jar.descriptor().name() + " was made for " + SharedCode.API + " "
                    + made.get() + " (expected: " + here.get() + ", which this Waffle has, or earlier)");
        }
    }

    private static Optional<Version> here() {
        @Nullable ModuleDescriptor api = StrategyProvider.class.getModule().getDescriptor();
        return Optional.ofNullable(api).flatMap(ModuleDescriptor::version);
    }

    private static Optional<Version> compiled(ModuleDescriptor module) {
        return module.requires().stream()
                .filter(requires -> requires.name().equals(SharedCode.API))
                .findFirst()
                .flatMap(ModuleDescriptor.Requires::compiledVersion);
    }

    private static Optional<Version> stated(ModuleReference jar) {
        try (ModuleReader reader = jar.open();
                InputStream in = reader.open(MANIFEST).orElseGet(InputStream::nullInputStream)) {
            return Optional.ofNullable(new Manifest(in).getMainAttributes().getValue(ATTRIBUTE))
                    .map(String::trim)
                    .map(ApiVersion::parse);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The form of a version is the jar's business, but what is none says nothing. */
    private static @Nullable Version parse(String text) {
        try {
            return Version.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
