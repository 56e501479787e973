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
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/**
 * A {@link TlsIdentity} in OpenSSL's memory. Immutable, thread-safe. OpenSSL counts who uses its objects: connections do, and this, until it
 * is garbage.
 */
final class OpenSslIdentity {

    /** {@code X509 *d2i_X509(X509 **a, const unsigned char **ppin, long length)}. */
    static final MethodHandle READ_CERTIFICATE = function("d2i_X509", PTR, PTR, PTR, SIZE);
    /** {@code void X509_free(X509 *a)}. */
    static final MethodHandle FREE_CERTIFICATE = procedure("X509_free", PTR);

    /** {@code EVP_PKEY *d2i_AutoPrivateKey(EVP_PKEY **a, const unsigned char **pp, long length)}. */
    private static final MethodHandle READ_KEY = function("d2i_AutoPrivateKey", PTR, PTR, PTR, SIZE);
    /** {@code void EVP_PKEY_free(EVP_PKEY *key)}. */
    private static final MethodHandle FREE_KEY = procedure("EVP_PKEY_free", PTR);
    /** {@code OPENSSL_STACK *OPENSSL_sk_new_null(void)}. */
    private static final MethodHandle NEW_STACK = function("OPENSSL_sk_new_null", PTR);
    /** {@code int OPENSSL_sk_push(OPENSSL_STACK *st, const void *data)}. */
    private static final MethodHandle PUSH = function("OPENSSL_sk_push", INT, PTR, PTR);
    /** {@code void *OPENSSL_sk_pop(OPENSSL_STACK *st)}. */
    private static final MethodHandle POP = function("OPENSSL_sk_pop", PTR, PTR);
    /** {@code void OPENSSL_sk_free(OPENSSL_STACK *st)}. */
    private static final MethodHandle FREE_STACK = procedure("OPENSSL_sk_free", PTR);
    /** {@code int SSL_CTX_use_cert_and_key(SSL_CTX *ctx, X509 *x, EVP_PKEY *pkey, STACK_OF(X509) *chain, int override)}. */
    private static final MethodHandle USE_FOR_ALL = function("SSL_CTX_use_cert_and_key", INT, PTR, PTR, PTR, PTR, INT);
    /** {@code int SSL_use_cert_and_key(SSL *ssl, X509 *x, EVP_PKEY *pkey, STACK_OF(X509) *chain, int override)}. */
    private static final MethodHandle USE = function("SSL_use_cert_and_key", INT, PTR, PTR, PTR, PTR, INT);

    private static final Cleaner CLEANER = Cleaner.create();

    private final Parts parts;

    /** What is freed; knows nothing of the object it belongs to. */
    private static final class Parts implements Runnable {

        private final long chain = checkedMemory((long) call(NEW_STACK));
        private long certificate;
        private long key;

        @Override
        public void run() {
            for (long one = (long) call(POP, chain); one != 0; one = (long) call(POP, chain)) {
                call(FREE_CERTIFICATE, one);
            }
            call(FREE_STACK, chain);
            call(FREE_CERTIFICATE, certificate);
            call(FREE_KEY, key);
        }
    }

    private OpenSslIdentity(TlsIdentity identity) throws SSLException {
        Parts made = new Parts();
        CLEANER.register(this, made);
        this.parts = made;
        for (X509Certificate each : identity.chain()) {
            long x509 = read(READ_CERTIFICATE, encoded(each));
            if (made.certificate == 0) {
                made.certificate = x509;
            } else {
                call(PUSH, made.chain, x509);
            }
        }
        made.key = read(READ_KEY, identity.key().getEncoded());
    }

    /**
     * Copies it.
     *
     * @throws SSLException if OpenSSL cannot read it
     */
    static OpenSslIdentity of(TlsIdentity identity) throws SSLException {
        return new OpenSslIdentity(identity);
    }

    /**
     * Has all connections of a context show it.
     *
     * @throws SSLException if the rules of the system forbid it
     */
    void useForAll(long context) throws SSLException {
        use(USE_FOR_ALL, context);
    }

    /** Has one connection show it, besides what it may show of other kinds. */
    void use(long ssl) throws SSLException {
        use(USE, ssl);
    }

    private void use(MethodHandle with, long target) throws SSLException {
        try {
            checked("the certificate and its key", (int)
                    call(with, target, parts.certificate, parts.key, parts.chain, 1));
        } finally {
            Reference.reachabilityFence(this); // OpenSSL has its own references from here on
        }
    }

    private static byte[] encoded(X509Certificate certificate) throws SSLException {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new SSLException(e);
        }
    }

    /** Something that OpenSSL reads from DER, to be freed. Leaves no copy of what may be a key. */
    static long read(MethodHandle reader, byte[] der) throws SSLException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, der);
            MemorySegment pointer = arena.allocateFrom(PTR, copy.address());
            try {
                return checked("a certificate or key", (long) call(reader, 0L, pointer.address(), (long) der.length));
            } finally {
                copy.fill((byte) 0);
            }
        }
    }

    /** All these answer 0 for a failure. */
    static long checked(String what, long result) throws SSLException {
        if (result <= 0) {
            throw new SSLException(what + ": " + OpenSsl.reason());
        }
        return result;
    }

    private static long checkedMemory(long pointer) {
        if (pointer == 0) {
            throw new OutOfMemoryError("no memory for TLS: " + OpenSsl.reason());
        }
        return pointer;
    }
}
