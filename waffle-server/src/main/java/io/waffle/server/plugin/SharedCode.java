// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import io.waffle.api.StrategyProvider;
import java.lang.module.ModuleReference;
import org.jspecify.annotations.Nullable;

/** What a plugin sees beside itself: the JDK, and the package {@code io.waffle.api}. Of other libraries the server has, a plugin may have its own. */
final class SharedCode extends ClassLoader {

    /** The name of the module, and of its package. */
    static final String API = "io.waffle.api";

    private static final ClassLoader SERVER = StrategyProvider.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    SharedCode() {
        super("waffle-api", null);
    }

    /** The layer the server is in, which has the API. */
    static ModuleLayer layer() {
        @Nullable ModuleLayer ours = SharedCode.class.getModule().getLayer();
        return ours == null ? ModuleLayer.boot() : ours;
    }

    /** Whether a module of the server's layer may be read. Those of the JDK are in the runtime image, and nothing else is. */
    static boolean isShared(ModuleReference module) {
        return module.descriptor().name().equals(API)
                || module.location().filter(at -> at.getScheme().equals("jrt")).isPresent();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.lastIndexOf('.') == API.length() && name.startsWith(API)) {
            return SERVER.loadClass(name);
        }
        // The platform's loader gives the classes of all modules that were there at the start, those of the server,
        // too.
        Class<?> found = ClassLoader.getPlatformClassLoader().loadClass(name);
        if (found.getClassLoader() == ClassLoader.getSystemClassLoader()) {
            throw new ClassNotFoundException(name);
        }
        return found;
    }
}
