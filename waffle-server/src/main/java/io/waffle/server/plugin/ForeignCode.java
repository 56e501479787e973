// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

import org.jspecify.annotations.Nullable;

/**
 * The line between the server and the code of a plugin: who calls across it {@link #enter enters} before and {@link #leave leaves} after,
 * whatever happened in between.
 *
 * <p>Inside, the context class loader is the plugin's: libraries ask that for their services, configuration and classes, and would be given
 * the server's. Outside, nothing of what the plugin did to the thread is left: an interruption that stays behind closes the next channel the
 * thread uses (see {@link java.nio.channels.InterruptibleChannel}), and with it the connection of a client who has nothing to do with it.
 *
 * <p>Threading: any thread; a call costs two reads of the thread, and allocates nothing.
 */
public final class ForeignCode {

    private final @Nullable ClassLoader own;

    /** The code of the class, and what came with it. */
    public ForeignCode(Class<?> type) {
        own = type.getClassLoader();
    }

    /** Goes in. Returns what {@link #leave} is to be given. */
    @Nullable
    public ClassLoader enter() {
        Thread thread = Thread.currentThread();
        ClassLoader outside = thread.getContextClassLoader();
        if (outside != own) {
            thread.setContextClassLoader(own);
        }
        return outside;
    }

    /** Comes out, with the thread as it was. Returns whether the code has left it interrupted, which it is no more: the server interrupts none. */
    public boolean leave(@Nullable ClassLoader outside) {
        Thread thread = Thread.currentThread();
        if (thread.getContextClassLoader() != outside) {
            thread.setContextClassLoader(outside);
        }
        return Thread.interrupted();
    }
}
