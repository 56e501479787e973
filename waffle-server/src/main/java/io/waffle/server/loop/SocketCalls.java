// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The host's {@code recv} and {@code send}, called on a channel's own descriptor: 0.5 µs less for each pair of them than by the channel (4.6
 * against 5.1 µs, of which the rest is the kernel's), which is a twentieth of a small request (docs/adr/0009). The channel stays the one that
 * connects, closes, and tells errors: where these calls do not succeed it is asked to do the same, and knows why not.
 *
 * <p>Only for code that a loop carries. A channel that is registered with a selector gives its descriptor back to the host when the selector
 * next looks at its keys, and until the code that holds the loop's thread waits, the selector cannot: so the descriptor of a channel found
 * open stays its own for the length of a call, whoever closes the channel meanwhile.
 */
final class SocketCalls {

    /** What the launcher passes for it. */
    static final String OPENING =
            "--add-exports java.base/sun.nio.ch=io.waffle.server --enable-native-access=io.waffle.server";

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** Written once; a thread that does not see it yet makes the slower call. */
    private static boolean usable;

    private SocketCalls() {}

    /**
     * Finds out, on a thread of its own, whether the calls can be had here: making them costs more than the start of a listener should. From
     * some moment on {@link #usable} may say so.
     */
    static void prepare() {
        if (isLinux()) {
            Thread.ofPlatform().daemon().name("socket-calls").start(SocketCalls::link);
        }
    }

    static boolean usable() {
        return usable;
    }

    /** The constants below are those of Linux, the same for every processor Java runs on there. */
    private static boolean isLinux() {
        return System.getProperty("os.name", "").equals("Linux");
    }

    private static void link() {
        try {
            usable = Handles.RECEIVE != null;
        } catch (LinkageError e) {
            System.getLogger(SocketCalls.class.getName())
                    .log(Level.DEBUG, "sockets are used by their channels: {0}", String.valueOf(e.getCause()));
        }
    }

    /** The descriptor of a channel. */
    static int descriptor(SocketChannel socket) {
        try {
            return (int) Handles.DESCRIPTOR.invokeExact(socket);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads into a direct buffer with room: how many bytes, 0 at the end, less than 0 if the channel has to say what is the matter. */
    static int receive(int descriptor, ByteBuffer into) {
        int at = into.position();
        int n;
        try {
            long start = (long) Handles.ADDRESS.invokeExact(into) + at;
            n = (int) (long) Handles.RECEIVE.invokeExact(descriptor, start, (long) into.remaining(), MSG_DONTWAIT);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (n > 0) {
            into.position(at + n);
        }
        return n;
    }

    /** Writes from a direct buffer: how many bytes, or less than 0 if the channel has to say what is the matter. */
    static int send(int descriptor, ByteBuffer from) {
        int at = from.position();
        int n;
        try {
            long start = (long) Handles.ADDRESS.invokeExact(from) + at;
            n = (int) (long)
                    Handles.SEND.invokeExact(descriptor, start, (long) from.remaining(), MSG_DONTWAIT | MSG_NOSIGNAL);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (n > 0) {
            from.position(at + n);
        }
        return n;
    }

    /** Constants to the compiler, which turns each call into little more than the host's function. */
    private static final class Handles {

        static final MethodHandle RECEIVE;
        static final MethodHandle SEND;
        static final MethodHandle DESCRIPTOR;
        static final MethodHandle ADDRESS;

        static {
            try {
                // ssize_t recv(int, void *, size_t, int); ssize_t send(int, const void *, size_t, int)
                FunctionDescriptor signature =
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
                RECEIVE = function("recv", signature);
                SEND = function("send", signature);
                DESCRIPTOR = getter("sun.nio.ch.SelChImpl", "getFDVal", int.class, SocketChannel.class);
                ADDRESS = getter("sun.nio.ch.DirectBuffer", "address", long.class, ByteBuffer.class);
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** They never wait ({@link #MSG_DONTWAIT}), so the thread need not tell the JVM that it is away. */
        @SuppressWarnings(
                "restricted") // the signatures are the host's, and the callers keep the bounds of their buffers
        private static MethodHandle function(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow(name), signature, Linker.Option.critical(false));
        }

        private static MethodHandle getter(String type, String name, Class<?> result, Class<?> of)
                throws ReflectiveOperationException {
            return MethodHandles.lookup()
                    .findVirtual(Class.forName(type), name, MethodType.methodType(result))
                    .asType(MethodType.methodType(result, of));
        }
    }
}
