// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Who started Waffle and wants to know how it is: systemd, for a unit of {@code Type=notify-reload}, or whoever else names a socket in
 * {@code NOTIFY_SOCKET} (sd_notify(3)). It gets a datagram on a socket of the file system, which Java has no class for: so that is done by the
 * host's own calls, and none of this is loaded where nobody wants to know.
 *
 * <p>Threading: any thread.
 */
public final class ServiceManager {

    private static final System.Logger LOG = System.getLogger("waffle");

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int LONGEST_NAME = 107;

    private final byte[] name;

    private ServiceManager(byte[] name) {
        this.name = name;
    }

    /** Whoever the environment names, if it does. */
    public static Optional<ServiceManager> of(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(socket -> socket.startsWith("/") || socket.startsWith("@"))
                .map(socket -> socket.getBytes(StandardCharsets.UTF_8))
                .filter(socket -> socket.length <= LONGEST_NAME)
                .map(ServiceManager::new);
    }

    /** It serves, by the configuration it was asked to serve by. */
    public void ready() {
        tell("READY=1");
    }

    /** It reads its configuration anew; {@link #ready} follows. */
    public void reloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1_000); // which is CLOCK_MONOTONIC on Linux
    }

    /** It has begun to stop. */
    void stopping() {
        tell("STOPPING=1");
    }

    private void tell(String state) {
        try (Arena arena = Arena.ofConfined()) {
            int socket = (int) function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT))
                    .invokeExact(AF_UNIX, SOCK_DGRAM, 0);
            if (socket < 0) {
                return;
            }
            MemorySegment text = arena.allocateFrom(JAVA_BYTE, state.getBytes(StandardCharsets.UTF_8));
            MemorySegment to = address(arena);
            long sent = (long) function(
                            "sendto",
                            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT))
                    .invokeExact(socket, text, text.byteSize(), MSG_NOSIGNAL, to, (int) to.byteSize());
            int closed = (int)
                    function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(socket);
            LOG.log(Level.DEBUG, "service manager: {0} bytes told, {1}", sent, closed);
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "the service manager cannot be told", e);
        }
    }

    @SuppressWarnings("restricted") // this module may call the host, as it does for sockets and TLS
    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /** A {@code struct sockaddr_un}; a name that begins with @ is one of the abstract names, which begin with a zero. */
    private MemorySegment address(Arena arena) {
        MemorySegment address = arena.allocate(JAVA_SHORT.byteSize() + name.length + 1L, JAVA_SHORT.byteAlignment());
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, JAVA_SHORT.byteSize(), name.length);
        if (name[0] != '@') {
            return address;
        }
        address.set(JAVA_BYTE, JAVA_SHORT.byteSize(), (byte) 0);
        return address.asSlice(0, address.byteSize() - 1);
    }
}
