// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.Socket;

/**
 * A client by the system's OpenSSL, which offers any session to any server under any name: Java's offers one only under the name it was made with. It verifies nothing.
 */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSslClient implements AutoCloseable {

    private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup("libssl.so.3", Arena.global())
            .or(SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global()));

    private static final MethodHandle CONTEXT = function("SSL_CTX_new", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE_CONTEXT = procedure("SSL_CTX_free", JAVA_LONG);
    private static final MethodHandle METHOD = function("TLS_client_method", JAVA_LONG);
    private static final MethodHandle NEW = function("SSL_new", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE = procedure("SSL_free", JAVA_LONG);
    private static final MethodHandle CONNECT = procedure("SSL_set_connect_state", JAVA_LONG);
    private static final MethodHandle MEMORY = function("BIO_s_mem", JAVA_LONG);
    private static final MethodHandle BIO = function("BIO_new", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SET_BIO = procedure("SSL_set_bio", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PUT = function("BIO_write", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle TAKE = function("BIO_read", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CONTROL =
            function("SSL_ctrl", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle HANDSHAKE = function("SSL_do_handshake", JAVA_INT, JAVA_LONG);
    private static final MethodHandle READ = function("SSL_read", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle WRITE = function("SSL_write", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle ERROR = function("SSL_get_error", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle REUSED = function("SSL_session_reused", JAVA_INT, JAVA_LONG);
    private static final MethodHandle SESSION = function("SSL_get1_session", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle OFFER = function("SSL_set_session", JAVA_INT, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle ENDED = procedure("SSL_set_shutdown", JAVA_LONG, JAVA_INT);

    private static final int WANT_READ = 2;
    private static final int BOTH_WAYS = 3;
    private static final int SET_HOST_NAME = 55;
    private static final int SET_LOWEST = 123;
    private static final int SET_HIGHEST = 124;
    private static final int BYTES = 32 * 1024;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BYTES);
    private final Socket socket;
    private final long context;
    private final long ssl;
    private final long received;
    private final long sending;

    /** @param session that is offered; 0 for none */
    OpenSslClient(int port, String version, String name, long session) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
        context = (long) call(CONTEXT, call(METHOD));
        ssl = (long) call(NEW, context);
        received = (long) call(BIO, call(MEMORY));
        sending = (long) call(BIO, call(MEMORY));
        call(SET_BIO, ssl, received, sending);
        call(CONNECT, ssl);
        long number = version.equals("TLSv1.3") ? 0x0304 : 0x0303;
        call(CONTROL, ssl, SET_LOWEST, number, 0L);
        call(CONTROL, ssl, SET_HIGHEST, number, 0L);
        call(CONTROL, ssl, SET_HOST_NAME, 0L, arena.allocateFrom(name).address());
        if (session != 0) {
            call(OFFER, ssl, session);
        }
        untilDone(() -> (int) call(HANDSHAKE, ssl));
    }

    private interface Step {
        int run();
    }

    /** Takes and sends ciphertext until the step is done; how much it has done. */
    private int untilDone(Step step) throws IOException {
        while (true) {
            int result = step.run();
            int sent;
            while ((sent = (int) call(TAKE, sending, buffer.address(), BYTES)) > 0) {
                socket.getOutputStream().write(buffer.asSlice(0, sent).toArray(JAVA_BYTE));
            }
            if (result > 0) {
                return result;
            }
            int error = (int) call(ERROR, ssl, result);
            byte[] more = new byte[BYTES];
            int n = error == WANT_READ ? socket.getInputStream().read(more) : -1;
            if (n < 0) {
                throw new IOException("the connection is over: SSL_get_error " + error);
            }
            MemorySegment.copy(more, 0, buffer, JAVA_BYTE, 0, n);
            call(PUT, received, buffer.address(), n);
        }
    }

    /** The status of the answer to a request for this host, which comes in one record. */
    int get(String host) throws IOException {
        byte[] request = ("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(US_ASCII);
        MemorySegment.copy(request, 0, buffer, JAVA_BYTE, 0, request.length);
        untilDone(() -> (int) call(WRITE, ssl, buffer.address(), request.length));
        int n = untilDone(() -> (int) call(READ, ssl, buffer.address(), BYTES));
        String answer = new String(buffer.asSlice(0, n).toArray(JAVA_BYTE), US_ASCII);
        return Integer.parseInt(answer.substring(answer.indexOf(' ') + 1, answer.indexOf(' ') + 4));
    }

    /** Whether the session that was offered was taken. */
    boolean resumed() {
        return (int) call(REUSED, ssl) == 1;
    }

    /** To be offered by others; behind an answer. Is not freed, which a test does not live long enough for. */
    long session() {
        return (long) call(SESSION, ssl);
    }

    /** As whoever has said goodbye: the session of one that has not is not to be used again. */
    @Override
    public void close() throws IOException {
        call(ENDED, ssl, BOTH_WAYS);
        call(FREE, ssl); // with what it reads and writes
        call(FREE_CONTEXT, context);
        arena.close();
        socket.close();
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.of(result, parameters));
    }

    private static MethodHandle procedure(String name, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.ofVoid(parameters));
    }

    private static MethodHandle link(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), type);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
