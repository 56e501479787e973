// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.OpenSsl.INT;
import static io.waffle.server.tls.OpenSsl.PTR;
import static io.waffle.server.tls.OpenSsl.SIZE;
import static io.waffle.server.tls.OpenSsl.call;
import static io.waffle.server.tls.OpenSsl.function;
import static io.waffle.server.tls.OpenSsl.procedure;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/**
 * TLS as a listener speaks it, in OpenSSL: the rules of {@link TlsRules} and one identity. Immutable, thread-safe. OpenSSL counts who uses
 * its object: each connection does, and this, until it is garbage.
 */
final class OpenSslContext {

    /** {@code const SSL_METHOD *TLS_server_method(void)}. */
    private static final MethodHandle METHOD = function("TLS_server_method", PTR);
    /** {@code SSL_CTX *SSL_CTX_new(const SSL_METHOD *meth)}. */
    private static final MethodHandle NEW = function("SSL_CTX_new", PTR, PTR);
    /** {@code void SSL_CTX_free(SSL_CTX *ctx)}. */
    private static final MethodHandle FREE = procedure("SSL_CTX_free", PTR);
    /** {@code long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg)}. */
    private static final MethodHandle CTRL = function("SSL_CTX_ctrl", SIZE, PTR, INT, SIZE, PTR);
    /** {@code uint64_t SSL_CTX_set_options(SSL_CTX *ctx, uint64_t op)}. */
    private static final MethodHandle OPTIONS = function("SSL_CTX_set_options", SIZE, PTR, SIZE);
    /** {@code int SSL_CTX_set_ciphersuites(SSL_CTX *ctx, const char *str)}: those of TLS 1.3. */
    private static final MethodHandle SUITES = function("SSL_CTX_set_ciphersuites", INT, PTR, PTR);
    /** {@code int SSL_CTX_set_cipher_list(SSL_CTX *ctx, const char *str)}: those of TLS 1.2. */
    private static final MethodHandle SUITES_12 = function("SSL_CTX_set_cipher_list", INT, PTR, PTR);
    /** {@code int SSL_CTX_use_certificate(SSL_CTX *ctx, X509 *x)}. */
    private static final MethodHandle CERTIFICATE = function("SSL_CTX_use_certificate", INT, PTR, PTR);
    /** {@code int SSL_CTX_use_PrivateKey(SSL_CTX *ctx, EVP_PKEY *pkey)}. */
    private static final MethodHandle KEY = function("SSL_CTX_use_PrivateKey", INT, PTR, PTR);
    /** {@code void SSL_CTX_set_alpn_select_cb(SSL_CTX *ctx, SSL_CTX_alpn_select_cb_func cb, void *arg)}. */
    private static final MethodHandle ALPN = procedure("SSL_CTX_set_alpn_select_cb", PTR, PTR, PTR);
    /** {@code X509 *d2i_X509(X509 **a, const unsigned char **ppin, long length)}. */
    private static final MethodHandle READ_CERTIFICATE = function("d2i_X509", PTR, PTR, PTR, SIZE);
    /** {@code EVP_PKEY *d2i_AutoPrivateKey(EVP_PKEY **a, const unsigned char **pp, long length)}. */
    private static final MethodHandle READ_KEY = function("d2i_AutoPrivateKey", PTR, PTR, PTR, SIZE);
    /** {@code void X509_free(X509 *a)}. */
    private static final MethodHandle FREE_CERTIFICATE = procedure("X509_free", PTR);
    /** {@code void EVP_PKEY_free(EVP_PKEY *key)}. */
    private static final MethodHandle FREE_KEY = procedure("EVP_PKEY_free", PTR);

    private static final int SET_MODE = 33;
    private static final int CLEAR_MODE = 78;
    private static final int SET_SESSION_CACHE = 44;
    private static final int ADD_TO_CHAIN = 89;
    private static final int SET_MIN_VERSION = 123;
    private static final int GET_MIN_VERSION = 130;

    private static final long TLS_1_2 = 0x0303;
    private static final long CACHE_OFF = 0;
    private static final long RECORD_BY_RECORD = 0x1; // SSL_MODE_ENABLE_PARTIAL_WRITE: a write makes one and comes back
    private static final long AUTO_RETRY = 0x4;
    private static final long NO_AUTO_CHAIN = 0x8;
    private static final long RELEASE_BUFFERS = 0x10;
    private static final long NO_COMPRESSION = 1L << 17;
    private static final long SERVER_PREFERENCE = 1L << 22;
    private static final long NO_RENEGOTIATION = 1L << 30;

    private static final Cleaner CLEANER = Cleaner.create();

    private final long context;

    private OpenSslContext(long context) {
        this.context = context;
        CLEANER.register(this, () -> call(FREE, context));
    }

    /** Why OpenSSL cannot be used; empty if it can. */
    static String problem() {
        return OpenSsl.problem();
    }

    /**
     * A listener of this identity.
     *
     * @throws SSLException if OpenSSL does not take it, or the system's configuration of OpenSSL forbids what we speak
     */
    static OpenSslContext of(TlsIdentity identity) throws SSLException {
        OpenSslContext made = new OpenSslContext(checked("SSL_CTX_new", (long) call(NEW, call(METHOD))));
        made.setRules();
        made.setIdentity(identity);
        return made;
    }

    private void setRules() throws SSLException {
        if ((long) call(CTRL, context, GET_MIN_VERSION, 0L, 0L)
                < TLS_1_2) { // the system may ask for more, and 0 stands for anything
            control(SET_MIN_VERSION, TLS_1_2, 0);
        }
        control(SET_MODE, RECORD_BY_RECORD | RELEASE_BUFFERS | NO_AUTO_CHAIN, 0);
        call(
                CTRL,
                context,
                CLEAR_MODE,
                AUTO_RETRY,
                0L); // a read takes one record, with data or without, and comes back
        call(CTRL, context, SET_SESSION_CACHE, CACHE_OFF, 0L); // tickets are on, so nothing need be kept
        call(OPTIONS, context, NO_COMPRESSION | SERVER_PREFERENCE | NO_RENEGOTIATION);
        try (Arena arena = Arena.ofConfined()) {
            long suites =
                    arena.allocateFrom(TlsRules.openSslSuites13(), US_ASCII).address();
            checked("the cipher suites of TLS 1.3", (int) call(SUITES, context, suites));
            long suites12 =
                    arena.allocateFrom(TlsRules.openSslSuites12(), US_ASCII).address();
            checked("the cipher suites of TLS 1.2", (int) call(SUITES_12, context, suites12));
        }
        call(ALPN, context, OpenSslAlpn.SELECT.address(), 0L);
    }

    private void setIdentity(TlsIdentity identity) throws SSLException {
        boolean leaf = true;
        for (X509Certificate certificate : identity.chain()) {
            long x509 = read(READ_CERTIFICATE, encoded(certificate));
            try {
                if (leaf) {
                    checked("the certificate", (int) call(CERTIFICATE, context, x509));
                } else {
                    control(ADD_TO_CHAIN, 1, x509);
                }
            } finally {
                call(FREE_CERTIFICATE, x509); // the context holds its own reference
            }
            leaf = false;
        }
        long key = read(READ_KEY, identity.key().getEncoded());
        try {
            checked("the key", (int) call(KEY, context, key)); // compared with the certificate
        } finally {
            call(FREE_KEY, key);
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
    private static long read(MethodHandle reader, byte[] der) throws SSLException {
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

    private void control(int command, long number, long pointer) throws SSLException {
        checked("SSL_CTX_ctrl " + command, (long) call(CTRL, context, command, number, pointer));
    }

    /** All these answer 0 for a failure. */
    private static long checked(String what, long result) throws SSLException {
        if (result <= 0) {
            throw new SSLException(what + ": " + OpenSsl.reason());
        }
        return result;
    }

    /** OpenSSL's object for a new connection, to be freed once. */
    long accept() throws SSLException {
        return checked("SSL_new", OpenSsl.accept(context));
    }
}
