// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket that listens already, handed over by whoever started the process and keeps it (sd_listen_fds(3)): clients who come between the end of
 * one process and the start of the next wait in it. The launcher has put it where Java finds it, in place of the standard input. Java then
 * leads the standard output and error nowhere, as inetd(8) would have it, so they are put aside meanwhile.
 *
 * <p>Threading: one thread, once.
 */
final class HandedSocket {

    /** Says that there is one. */
    private static final String PROPERTY = "waffle.listen";

    private static final int OUTPUT = 1;
    private static final int ERROR = 2;

    private HandedSocket() {}

    /** The socket, in blocking mode; null if there is none. */
    static @Nullable ServerSocketChannel take() throws IOException {
        if (System.getProperty(PROPERTY) == null) {
            return null;
        }
        if (inherited() instanceof ServerSocketChannel socket) {
            return socket;
        }
        throw new IOException("descriptor 3 is no socket that listens (LISTEN_FDS says it is)");
    }

    private static Object inherited() throws IOException {
        try {
            int output = (int) Calls.DUP.invokeExact(OUTPUT);
            int error = (int) Calls.DUP.invokeExact(ERROR);
            Object found = System.inheritedChannel();
            restore(output, OUTPUT);
            restore(error, ERROR);
            return found;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    private static void restore(int from, int to) throws Throwable {
        int unused = (int) Calls.DUP2.invokeExact(from, to);
        unused = (int) Calls.CLOSE.invokeExact(from);
    }

    @SuppressWarnings("restricted")
    private static final class Calls {

        static final MethodHandle DUP = function("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle DUP2 = function("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

        private static MethodHandle function(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
        }
    }
}
