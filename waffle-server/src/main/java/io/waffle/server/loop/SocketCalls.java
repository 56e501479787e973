// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The host's {@code recv} and {@code send}, called on a channel's own descriptor: 0.5 µs less for each pair of them than by the channel (4.6
 * against 5.1 µs, of which the rest is the kernel's), which is a twentieth of a small request (docs/adr/0009). The channel stays the one that
 * connects and closes.
 *
 * <p>Threading: by the virtual threads of a loop that carries them, one instance for each loop. A channel that is registered with a selector
 * gives its descriptor back to the host when the selector next looks at its keys, and until the code that holds the loop's thread waits, the
 * selector cannot: so the descriptor of a channel found open stays its own for the length of a call, whoever closes the channel meanwhile.
 * Other threads (one that closes a TLS connection and says goodbye, one that computes a handshake and has to tell an alert) use the channel.
 */
final class SocketCalls {

    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EPIPE = 32;
    private static final int ECONNRESET = 104;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final byte TCP_CLOSE = 7;

    /** Where {@code struct tcp_info} has the segments that are under way, and the bytes that have not left. */
    private static final int UNACKNOWLEDGED = 24;

    private static final int NOT_SENT = 144;

    /** Written once; a thread that does not see it yet makes the slower call. */
    private static boolean usable;

    /** Where a call leaves its errno. */
    private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    /** Where the host tells of a connection, the state of TCP first, and behind it how much it may tell. */
    private final MemorySegment information =
            Arena.ofAuto().allocate(Handles.INFORMATION_BYTES + JAVA_INT.byteSize(), JAVA_INT.byteSize());

    SocketCalls() {}

    /**
     * Finds out, on a thread of its own, whether the calls can be had here: making them costs more than the start of a listener should. From
     * some moment on {@link #usable} may say so.
     */
    static void prepare() {
        if (isLinux()) {
            Thread.ofPlatform().daemon().name("socket-calls").start(() -> {
                Pages.link();
                link();
            });
        }
    }

    static boolean usable() {
        return usable;
    }

    /** The constants below are those of Linux, the same for every processor Java runs on there. */
    private static boolean isLinux() {
        return System.getProperty("os.name", "").equals("Linux");
    }

    /** Makes the calls, if that can be. */
    static void link() {
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

    /** Whether the connection is over both ways. */
    boolean isClosed(int descriptor) {
        return inform(descriptor, JAVA_INT.byteSize()) && information.get(JAVA_BYTE, 0) == TCP_CLOSE;
    }

    /** Of a Unix domain socket: whether the peer has closed it. Nothing is sent to find out. */
    boolean isClosedByPeer(int descriptor) {
        try {
            long sent = (long)
                    Handles.SEND.invokeExact(state, descriptor, information.address(), 0L, MSG_DONTWAIT | MSG_NOSIGNAL);
            return sent < 0 && (int) Handles.ERRNO.get(state, 0L) == EPIPE;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the peer's host has got all there was to send, or will not get it any more. */
    boolean isSettled(int descriptor) {
        if (!inform(descriptor, NOT_SENT + JAVA_INT.byteSize())) {
            return false;
        }
        boolean all = information.get(JAVA_INT, UNACKNOWLEDGED) == 0 && information.get(JAVA_INT, NOT_SENT) == 0;
        return all || information.get(JAVA_BYTE, 0) == TCP_CLOSE;
    }

    /** Has the host tell of the connection; false if it tells less than this. */
    private boolean inform(int descriptor, long bytes) {
        try {
            information.set(JAVA_INT, Handles.INFORMATION_BYTES, (int) bytes);
            int result = (int) Handles.OPTION.invokeExact(
                    state,
                    descriptor,
                    IPPROTO_TCP,
                    TCP_INFO,
                    information.address(),
                    information.address() + Handles.INFORMATION_BYTES);
            return result == 0 && information.get(JAVA_INT, Handles.INFORMATION_BYTES) >= bytes;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads into a direct buffer with room: how many bytes, 0 if there are none now, -1 at the end. */
    int receive(int descriptor, ByteBuffer into) throws SocketException {
        int at = into.position();
        int n;
        try {
            long start = (long) Handles.ADDRESS.invokeExact(into) + at;
            n = (int)
                    (long) Handles.RECEIVE.invokeExact(state, descriptor, start, (long) into.remaining(), MSG_DONTWAIT);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (n > 0) {
            into.position(at + n);
            return n;
        }
        return n == 0 ? -1 : failed();
    }

    /** Writes from a direct buffer: how many bytes, 0 if the host takes none now. */
    int send(int descriptor, ByteBuffer from) throws SocketException {
        int at = from.position();
        int n;
        try {
            long start = (long) Handles.ADDRESS.invokeExact(from) + at;
            n = (int) (long) Handles.SEND.invokeExact(
                    state, descriptor, start, (long) from.remaining(), MSG_DONTWAIT | MSG_NOSIGNAL);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (n >= 0) {
            from.position(at + n);
            return n;
        }
        return failed();
    }

    /** The host tells an error once: whoever asked again would take a reset connection for one that has ended. */
    private int failed() throws SocketException {
        int errno = (int) Handles.ERRNO.get(state, 0L);
        switch (errno) {
            case EAGAIN, EINTR -> {
                return 0;
            }
            case ECONNRESET -> throw new SocketException("Connection reset");
            case EPIPE -> throw new SocketException("Broken pipe");
            default -> throw new SocketException("errno " + errno);
        }
    }

    /** Constants to the compiler, which turns each call into little more than the host's function. */
    private static final class Handles {

        static final MethodHandle RECEIVE;
        static final MethodHandle SEND;
        static final VarHandle ERRNO =
                Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
        static final MethodHandle OPTION;
        static final int INFORMATION_BYTES = 148;
        static final MethodHandle DESCRIPTOR;
        static final MethodHandle ADDRESS;

        static {
            try {
                // ssize_t recv(int, void *, size_t, int); ssize_t send(int, const void *, size_t, int)
                FunctionDescriptor signature =
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
                RECEIVE = function("recv", signature);
                SEND = function("send", signature);
                // int getsockopt(int, int, int, void *, socklen_t *)
                OPTION = function(
                        "getsockopt",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
                DESCRIPTOR = getter("sun.nio.ch.SelChImpl", "getFDVal", int.class, SocketChannel.class);
                ADDRESS = getter("sun.nio.ch.DirectBuffer", "address", long.class, ByteBuffer.class);
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /**
         * They never wait ({@link #MSG_DONTWAIT}), so the thread need not tell the JVM that it is away. The signatures are the host's, and the
         * callers keep the bounds of their buffers.
         */
        @SuppressWarnings("restricted")
        private static MethodHandle function(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow(name),
                    signature,
                    Linker.Option.critical(false),
                    Linker.Option.captureCallState("errno"));
        }

        private static MethodHandle getter(String type, String name, Class<?> result, Class<?> of)
                throws ReflectiveOperationException {
            return MethodHandles.lookup()
                    .findVirtual(Class.forName(type), name, MethodType.methodType(result))
                    .asType(MethodType.methodType(result, of));
        }
    }
}
