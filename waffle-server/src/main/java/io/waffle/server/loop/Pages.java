// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory straight from the host. What {@link ByteBuffer#allocateDirect} gives can only be given back by a collection, and at its bound forces
 * one after the other; a mapping is gone when it is told to go, so that a burst of one kind of buffers leaves room for the next kind.
 *
 * <p>Threading: any thread. A mapping that was unmapped must not be touched any more: that ends the process.
 */
final class Pages {

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final long SIZE = 4096;

    /** Written once; a thread that does not see it yet takes direct memory of the JVM. */
    private static boolean usable;

    private Pages() {}

    /** Makes the calls, if that can be; it takes longer than a start should have to wait for. */
    static void link() {
        try {
            usable = Calls.MAP != null;
        } catch (LinkageError e) {
            System.getLogger(Pages.class.getName())
                    .log(Level.DEBUG, "buffers are of the JVM: {0}", String.valueOf(e.getCause()));
        }
    }

    /** A mapping of so many bytes, whole pages; null if there is none to be had. */
    static @Nullable ByteBuffer map(int bytes) {
        if (!usable) {
            return null;
        }
        try {
            MemorySegment at = (MemorySegment) Calls.MAP.invokeExact(
                    MemorySegment.NULL, (long) bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            return at.address() == -1 ? null : Calls.view(at, bytes);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Ends a mapping.
     *
     * @param part of it, beginning on its first page
     * @return false if the host has refused, which it does where that would leave too many pieces
     */
    static boolean unmap(ByteBuffer part, int bytes) {
        long start = MemorySegment.ofBuffer(part.clear()).address() & -SIZE;
        try {
            return (int) Calls.UNMAP.invokeExact(MemorySegment.ofAddress(start), (long) bytes) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Constants to the compiler. The numbers above are those of Linux, and the calls are made nowhere else. */
    @SuppressWarnings("restricted")
    private static final class Calls {

        static final MethodHandle MAP;
        static final MethodHandle UNMAP;

        static {
            try {
                Linker linker = Linker.nativeLinker();
                MAP = linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("mmap"),
                        FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
                UNMAP = linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("munmap"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
            } catch (RuntimeException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        static ByteBuffer view(MemorySegment at, int bytes) {
            return at.reinterpret(bytes).asByteBuffer();
        }
    }
}
