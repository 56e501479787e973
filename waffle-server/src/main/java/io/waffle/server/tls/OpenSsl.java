// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The functions of the system's OpenSSL 3 that a TLS connection takes, and nothing of its use. With {@link OpenSslContext}, which has those
 * that set a listener up, this is all the foreign code there is.
 *
 * <p>Pointers are Java longs here: they are made by OpenSSL, handed back to OpenSSL, and only {@link OpenSslPipe} looks behind one. Whoever
 * owns one makes it 0 when it frees it, and OpenSSL's own answer to a null pointer is an error, not a crash, wherever one is passed.
 *
 * <p>Threading: an object of OpenSSL is used by one thread at a time. Its queue of errors belongs to the carrier, not to the virtual thread;
 * that is the same thing here, since nothing between a call and the look at its error can park.
 */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSsl {

    static final int WANT_READ = 2;
    static final int WANT_WRITE = 3;
    static final int ZERO_RETURN = 6;

    /** Another file than the system's, say of an OpenSSL of one's own. */
    private static final String FILE_PROPERTY = "waffle.libssl";

    private static final String FILE = System.getProperty(
            FILE_PROPERTY, System.getProperty("os.name", "").startsWith("Mac") ? "libssl.3.dylib" : "libssl.so.3");
    private static final int MAJOR = 3; // its interface stays the same to all versions 3.x; another one need not

    static final ValueLayout.OfLong PTR = JAVA_LONG;
    static final ValueLayout.OfLong SIZE = JAVA_LONG;
    static final ValueLayout.OfInt INT = JAVA_INT;

    private static final List<String> MISSING = new ArrayList<>();
    private static final SymbolLookup LIBRARY = open();

    /** {@code unsigned long OpenSSL_version_num(void)}. */
    private static final MethodHandle VERSION_NUM = function("OpenSSL_version_num", JAVA_LONG);
    /** {@code const char *OpenSSL_version(int t)}. */
    private static final MethodHandle VERSION = function("OpenSSL_version", PTR, INT);

    /** {@code SSL *SSL_new(SSL_CTX *ctx)}. */
    private static final MethodHandle SSL_NEW = function("SSL_new", PTR, PTR);
    /** {@code void SSL_free(SSL *ssl)}. */
    private static final MethodHandle SSL_FREE = procedure("SSL_free", PTR);
    /** {@code void SSL_set_accept_state(SSL *ssl)}. */
    private static final MethodHandle SSL_ACCEPT = procedure("SSL_set_accept_state", PTR);
    /** {@code void SSL_set_bio(SSL *ssl, BIO *rbio, BIO *wbio)}. */
    private static final MethodHandle SSL_SET_BIO = procedure("SSL_set_bio", PTR, PTR, PTR);
    /** {@code int SSL_do_handshake(SSL *ssl)}. */
    private static final MethodHandle SSL_HANDSHAKE = function("SSL_do_handshake", INT, PTR);
    /** {@code int SSL_read(SSL *ssl, void *buf, int num)}. */
    private static final MethodHandle SSL_READ = function("SSL_read", INT, PTR, PTR, INT);
    /** {@code int SSL_pending(const SSL *ssl)}. */
    private static final MethodHandle SSL_PENDING = function("SSL_pending", INT, PTR);
    /** {@code int SSL_write(SSL *ssl, const void *buf, int num)}. */
    private static final MethodHandle SSL_WRITE = function("SSL_write", INT, PTR, PTR, INT);
    /** {@code int SSL_shutdown(SSL *ssl)}. */
    private static final MethodHandle SSL_SHUTDOWN = function("SSL_shutdown", INT, PTR);
    /** {@code int SSL_get_error(const SSL *ssl, int ret)}. */
    private static final MethodHandle SSL_GET_ERROR = function("SSL_get_error", INT, PTR, INT);
    /** {@code int SSL_version(const SSL *ssl)}. */
    private static final MethodHandle SSL_VERSION = function("SSL_version", INT, PTR);
    /** {@code void SSL_get0_alpn_selected(const SSL *ssl, const unsigned char **data, unsigned int *len)}. */
    private static final MethodHandle SSL_ALPN = procedure("SSL_get0_alpn_selected", PTR, PTR, PTR);

    /** {@code int BIO_new_bio_pair(BIO **bio1, size_t writebuf1, BIO **bio2, size_t writebuf2)}. */
    private static final MethodHandle BIO_PAIR = function("BIO_new_bio_pair", INT, PTR, SIZE, PTR, SIZE);
    /** {@code int BIO_free(BIO *a)}. */
    private static final MethodHandle BIO_FREE = function("BIO_free", INT, PTR);
    /** {@code int BIO_up_ref(BIO *a)}. */
    private static final MethodHandle BIO_UP_REF = function("BIO_up_ref", INT, PTR);
    /** {@code int BIO_nwrite0(BIO *bio, char **buf)}. */
    private static final MethodHandle BIO_NWRITE0 = function("BIO_nwrite0", INT, PTR, PTR);
    /** {@code int BIO_nwrite(BIO *bio, char **buf, int num)}. */
    private static final MethodHandle BIO_NWRITE = function("BIO_nwrite", INT, PTR, PTR, INT);
    /** {@code int BIO_nread0(BIO *bio, char **buf)}. */
    private static final MethodHandle BIO_NREAD0 = function("BIO_nread0", INT, PTR, PTR);
    /** {@code int BIO_nread(BIO *bio, char **buf, int num)}. */
    private static final MethodHandle BIO_NREAD = function("BIO_nread", INT, PTR, PTR, INT);
    /** {@code size_t BIO_ctrl_pending(BIO *b)}. */
    private static final MethodHandle BIO_PENDING = function("BIO_ctrl_pending", SIZE, PTR);
    /** {@code size_t BIO_ctrl_get_write_guarantee(BIO *b)}. */
    private static final MethodHandle BIO_ROOM = function("BIO_ctrl_get_write_guarantee", SIZE, PTR);
    /** {@code long BIO_ctrl(BIO *bp, int cmd, long larg, void *parg)}. */
    private static final MethodHandle BIO_CTRL = function("BIO_ctrl", JAVA_LONG, PTR, INT, JAVA_LONG, PTR);

    /** {@code unsigned long ERR_get_error(void)}. */
    private static final MethodHandle ERR_GET = function("ERR_get_error", JAVA_LONG);
    /** {@code void ERR_clear_error(void)}. */
    private static final MethodHandle ERR_CLEAR = procedure("ERR_clear_error");
    /** {@code const char *ERR_reason_error_string(unsigned long e)}. */
    private static final MethodHandle ERR_REASON = function("ERR_reason_error_string", PTR, JAVA_LONG);

    private static final int RESET = 1; // BIO_CTRL_RESET

    private OpenSsl() {}

    private static SymbolLookup open() {
        if (!OpenSsl.class.getModule().isNativeAccessEnabled()) {
            MISSING.add("native code is not allowed: add --enable-native-access=io.waffle.server");
            return name -> Optional.empty();
        }
        try {
            return SymbolLookup.libraryLookup(
                    FILE, Arena.global()); // its functions and those of the libcrypto it needs
        } catch (IllegalArgumentException e) {
            MISSING.add(FILE + " is not there");
            return name -> Optional.empty();
        }
    }

    /** A function of the library; where it is missing, one that does nothing and is never called ({@link #problem}). */
    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.of(result, parameters));
    }

    static MethodHandle procedure(String name, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.ofVoid(parameters));
    }

    private static MethodHandle link(String name, FunctionDescriptor type) {
        return LIBRARY.find(name)
                .map(address -> Linker.nativeLinker().downcallHandle(address, type))
                .orElseGet(() -> {
                    MISSING.add(FILE + " has no " + name);
                    return MethodHandles.empty(type.toMethodType());
                });
    }

    /** Why it cannot be used; empty if it can. */
    static String problem() {
        if (!MISSING.isEmpty()) {
            return MISSING.getFirst();
        }
        long major = (long) call(VERSION_NUM) >>> 28;
        return major == MAJOR ? "" : FILE + " is " + version() + ", not OpenSSL " + MAJOR;
    }

    /** As the library itself has it, with its date. */
    static String version() {
        return string((long) call(VERSION, 0));
    }

    /** Calls a function that is not called often. */
    static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** A downcall itself throws nothing: this is a mistake in a signature here. */
    private static AssertionError broken(Throwable e) {
        return new AssertionError("a call of OpenSSL", e);
    }

    private static String string(long address) {
        return address == 0
                ? ""
                : MemorySegment.ofAddress(address)
                        .reinterpret(Integer.MAX_VALUE)
                        .getString(0, StandardCharsets.US_ASCII);
    }

    /** The server's side of a new connection, to be freed once; 0 if there is no memory. */
    static long accept(long context) {
        try {
            long ssl = (long) SSL_NEW.invokeExact(context);
            if (ssl != 0) {
                SSL_ACCEPT.invokeExact(ssl);
            }
            return ssl;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void free(long ssl) {
        try {
            SSL_FREE.invokeExact(ssl);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** From now on the connection reads from and writes to this end of a pipe, and holds a reference to it. */
    static void attach(long ssl, long bio) {
        try {
            int referenced = (int) BIO_UP_REF.invokeExact(bio);
            assert referenced == 1;
            SSL_SET_BIO.invokeExact(ssl, bio, bio);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void detach(long ssl) {
        try {
            SSL_SET_BIO.invokeExact(ssl, 0L, 0L);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** 1 when it is done, else see {@link #error}. */
    static int handshake(long ssl) {
        try {
            ERR_CLEAR.invokeExact();
            return (int) SSL_HANDSHAKE.invokeExact(ssl);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Plaintext into a direct buffer, whose position stays; not more than 0 is told by {@link #error}. */
    static int read(long ssl, ByteBuffer into) {
        try {
            ERR_CLEAR.invokeExact();
            return (int) SSL_READ.invokeExact(ssl, MemorySegment.ofBuffer(into).address(), into.remaining());
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** How much plaintext of a record begun is left to read. */
    static int pending(long ssl) {
        try {
            return (int) SSL_PENDING.invokeExact(ssl);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Makes one record of the first bytes of a direct buffer, {@code length} at most; how many, the buffer's position stays. */
    static int write(long ssl, ByteBuffer from, int length) {
        try {
            ERR_CLEAR.invokeExact();
            return (int) SSL_WRITE.invokeExact(ssl, MemorySegment.ofBuffer(from).address(), length);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Says close_notify. */
    static int shutdown(long ssl) {
        try {
            ERR_CLEAR.invokeExact();
            return (int) SSL_SHUTDOWN.invokeExact(ssl);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** What the last call meant by its result. */
    static int error(long ssl, int result) {
        try {
            return (int) SSL_GET_ERROR.invokeExact(ssl, result);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Why the last call failed, in OpenSSL's words. */
    static String reason() {
        try {
            String reason = string((long) ERR_REASON.invokeExact((long) ERR_GET.invokeExact()));
            ERR_CLEAR.invokeExact();
            return reason.isEmpty() ? "for no stated reason" : reason;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean isTls13(long ssl) {
        try {
            return (int) SSL_VERSION.invokeExact(ssl) == 0x0304;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Two ends of a new pipe: what each writes the other reads, through a ring of its size. */
    static long[] pair(int firstWrites, int secondWrites) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(2 * PTR.byteSize(), PTR.byteSize());
            long at = ends.address();
            if ((int) call(BIO_PAIR, at, (long) firstWrites, at + PTR.byteSize(), (long) secondWrites) != 1) {
                throw new OutOfMemoryError("no memory for TLS: " + reason());
            }
            return new long[] {ends.getAtIndex(PTR, 0), ends.getAtIndex(PTR, 1)};
        }
    }

    /** Lets go of one end of a pipe, and of the ring it writes to: freed, if no connection holds it. */
    static void freeEnd(long bio) {
        int freed = (int) call(BIO_FREE, bio);
        assert freed == 1;
    }

    /** How much can be read from this end. */
    static int received(long bio) {
        try {
            return (int) (long) BIO_PENDING.invokeExact(bio);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** How much can be written to this end. */
    static int writable(long bio) {
        try {
            return (int) (long) BIO_ROOM.invokeExact(bio);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Where the next byte written to this end will lie is stored at {@code slot}; how many can be written there. */
    static int room(long bio, long slot) {
        try {
            return (int) BIO_NWRITE0.invokeExact(bio, slot);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Says that so many bytes have been put where {@link #room} told. */
    static int wrote(long bio, long slot, int length) {
        try {
            return (int) BIO_NWRITE.invokeExact(bio, slot, length);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Where the next byte to read from this end lies is stored at {@code slot}; how many lie there, not more than 0 if none do. */
    static int present(long bio, long slot) {
        try {
            return (int) BIO_NREAD0.invokeExact(bio, slot);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Says that so many bytes have been taken from where {@link #present} told. */
    static int took(long bio, long slot, int length) {
        try {
            return (int) BIO_NREAD.invokeExact(bio, slot, length);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Forgets what was written to this end and not read. */
    static void reset(long bio) {
        call(BIO_CTRL, bio, RESET, 0L, 0L);
    }

    /** What ALPN agreed on; empty for nothing. */
    static String applicationProtocol(long ssl) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(PTR.byteSize() + INT.byteSize(), PTR.byteSize());
            long at = found.address();
            SSL_ALPN.invokeExact(ssl, at, at + PTR.byteSize());
            int length = found.get(INT, PTR.byteSize());
            if (length == 0) {
                return "";
            }
            byte[] name = MemorySegment.ofAddress(found.get(PTR, 0))
                    .reinterpret(length)
                    .toArray(ValueLayout.JAVA_BYTE);
            return new String(name, StandardCharsets.US_ASCII);
        } catch (Throwable e) {
            throw broken(e);
        }
    }
}
