// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.OpenSsl.INT;
import static io.waffle.server.tls.OpenSsl.PTR;
import static io.waffle.server.tls.OpenSsl.SIZE;
import static io.waffle.server.tls.OpenSsl.call;
import static io.waffle.server.tls.OpenSsl.function;
import static io.waffle.server.tls.OpenSsl.procedure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The hello of a client as OpenSSL has read it, before it does anything about it: the one moment at which what is asked of a client can be chosen before its
 * ticket is looked at. The callback for names comes behind that in TLS 1.3, which let sessions in where a certificate is required (CVE-2025-23419).
 */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSslHello {

    static final int SUCCESS = 1; // SSL_CLIENT_HELLO_SUCCESS
    static final int ERROR = 0; // SSL_CLIENT_HELLO_ERROR

    /** {@code int SSL_client_hello_get0_ext(SSL *s, unsigned int type, const unsigned char **out, size_t *outlen)}: 1 if it is there. */
    private static final MethodHandle EXTENSION = function("SSL_client_hello_get0_ext", INT, PTR, INT, PTR, PTR);
    /** {@code SSL_CTX *SSL_set_SSL_CTX(SSL *ssl, SSL_CTX *ctx)}. */
    private static final MethodHandle SET_CONTEXT = function("SSL_set_SSL_CTX", PTR, PTR, PTR);
    /** {@code void SSL_set_verify(SSL *s, int mode, SSL_verify_cb verify_callback)}. */
    private static final MethodHandle SET_VERIFY = procedure("SSL_set_verify", PTR, INT, PTR);

    private static final int SERVER_NAME = 0; // TLSEXT_TYPE_server_name
    private static final int HOST_NAME = 0; // TLSEXT_NAMETYPE_host_name

    private OpenSslHello() {}

    /**
     * The name it asks for; null for none.
     *
     * @throws SSLException if the extension is not as OpenSSL itself takes it when it comes to that, which is one name of a host (RFC 6066 section 3)
     */
    static @Nullable String serverName(long ssl) throws SSLException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(2 * PTR.byteSize(), PTR.byteSize());
            long length = out.address() + PTR.byteSize();
            if ((int) call(EXTENSION, ssl, SERVER_NAME, out.address(), length) != 1) {
                return null;
            }
            long bytes = out.get(SIZE, PTR.byteSize());
            return name(MemorySegment.ofAddress(out.get(PTR, 0)).reinterpret(bytes));
        }
    }

    /** Lists and names have their lengths before them; anything that is left over is an error. */
    static String name(MemorySegment extension) throws SSLException {
        ByteBuffer in = ByteBuffer.wrap(extension.toArray(ValueLayout.JAVA_BYTE));
        if (in.remaining() < 5
                || in.getShort() != in.remaining()
                || in.get() != HOST_NAME
                || in.getShort() != in.remaining()) {
            throw new SSLException("not one name of a host");
        }
        byte[] name = new byte[in.remaining()];
        in.get(name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    /** Goes on by another context. What is asked of the client is the one thing that OpenSSL does not take from there. */
    static void goOnBy(long ssl, OpenSslSide side) throws SSLException {
        OpenSslIdentity.checked(
                "SSL_set_SSL_CTX", (long) call(SET_CONTEXT, ssl, side.context().address()));
        call(SET_VERIFY, ssl, OpenSslClients.verifyMode(side.policy().trust()), 0L);
    }
}
