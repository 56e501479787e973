// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * TLS 1.3 connections by OpenSSL, each with a full handshake, taking any certificate. For load alone: the JDK's client took 1.5 ms of CPU per
 * handshake when warm and 9 ms when cold, this one 0.8 ms, of cores it shares with what is measured. Thread-safe.
 */
@SuppressWarnings("restricted") // a native library is what this is for
final class OpenSsl {

    private static final int SET_MIN_PROTO_VERSION = 123;
    private static final int TLS_1_3 = 0x0304;
    private static final int SET_CONNECT = 100;
    private static final int DO_STATE_MACHINE = 101;

    private final MethodHandle newConnection;
    private final MethodHandle control;
    private final MethodHandle write;
    private final MethodHandle read;
    private final MethodHandle free;
    private final MethodHandle clearErrors;
    private final MemorySegment context;
    private final MemorySegment address;

    private OpenSsl(SymbolLookup ssl, SymbolLookup crypto, String address) {
        newConnection = function(ssl, "BIO_new_ssl_connect", ADDRESS, ADDRESS);
        control = function(crypto, "BIO_ctrl", JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
        write = function(crypto, "BIO_write", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
        read = function(crypto, "BIO_read", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
        free = procedure(crypto, "BIO_free_all", ADDRESS);
        clearErrors = procedure(crypto, "ERR_clear_error");
        context = newContext(ssl);
        this.address = Arena.global().allocateFrom(address);
    }

    /** For connections to this address, {@code host:port}. */
    static OpenSsl to(String address) throws IOException {
        try {
            SymbolLookup crypto = SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global());
            SymbolLookup ssl = SymbolLookup.libraryLookup("libssl.so.3", Arena.global());
            return new OpenSsl(ssl, crypto, address);
        } catch (IllegalArgumentException e) {
            throw new IOException("no libssl.so.3 and libcrypto.so.3 (expected: OpenSSL 3 is installed)", e);
        }
    }

    /** Connects and makes the handshake. */
    Connection connect() throws IOException {
        try {
            MemorySegment bio = (MemorySegment) newConnection.invokeExact(context);
            long set = (long) control.invokeExact(bio, SET_CONNECT, 0L, address);
            long done = (long) control.invokeExact(bio, DO_STATE_MACHINE, 0L, MemorySegment.NULL);
            if (set != 1 || done != 1) {
                free.invokeExact(bio);
                clearErrors.invokeExact();
                throw new IOException("no TLS connection");
            }
            return new Connection(bio);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("OpenSSL", e);
        }
    }

    private static MemorySegment newContext(SymbolLookup ssl) {
        try {
            MemorySegment method =
                    (MemorySegment) function(ssl, "TLS_client_method", ADDRESS).invokeExact();
            MemorySegment context = (MemorySegment)
                    function(ssl, "SSL_CTX_new", ADDRESS, ADDRESS).invokeExact(method);
            long set = (long) function(ssl, "SSL_CTX_ctrl", JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS)
                    .invokeExact(context, SET_MIN_PROTO_VERSION, (long) TLS_1_3, MemorySegment.NULL);
            if (set != 1) {
                throw new IllegalArgumentException("no TLS 1.3");
            }
            return context;
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("OpenSSL", e);
        }
    }

    private static MethodHandle function(
            SymbolLookup library, String name, MemoryLayout result, MemoryLayout... parameters) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(result, parameters));
    }

    private static MethodHandle procedure(SymbolLookup library, String name, MemoryLayout... parameters) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(parameters));
    }

    /** One connection; used by one thread at a time. Calls block. */
    final class Connection implements AutoCloseable {

        private final MemorySegment bio;

        private Connection(MemorySegment bio) {
            this.bio = bio;
        }

        void write(MemorySegment bytes) throws IOException {
            int length = (int) bytes.byteSize();
            if (call(write, bytes, length) != length) {
                throw new IOException("not written");
            }
        }

        /** Reads some bytes to the start of the memory, and says how many. */
        int read(MemorySegment to) throws IOException {
            int length = call(read, to, (int) to.byteSize());
            if (length <= 0) {
                throw new IOException("closed by the server");
            }
            return length;
        }

        @Override
        public void close() {
            try {
                free.invokeExact(bio);
                clearErrors.invokeExact();
            } catch (Throwable e) {
                throw new LinkageError("OpenSSL", e);
            }
        }

        private int call(MethodHandle function, MemorySegment bytes, int length) {
            try {
                return (int) function.invokeExact(bio, bytes, length);
            } catch (Throwable e) {
                throw new LinkageError("OpenSSL", e);
            }
        }
    }
}
