// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.OpenSsl.INT;
import static io.waffle.server.tls.OpenSsl.PTR;
import static io.waffle.server.tls.OpenSsl.SIZE;
import static io.waffle.server.tls.OpenSsl.call;
import static io.waffle.server.tls.OpenSsl.function;
import static io.waffle.server.tls.OpenSsl.procedure;
import static io.waffle.server.tls.OpenSslIdentity.checked;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/** Certificates of clients, in OpenSSL: has it ask for them, and tells what was shown. */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSslClients {

    /** {@code void SSL_CTX_set_verify(SSL_CTX *ctx, int mode, SSL_verify_cb verify_callback)}. */
    private static final MethodHandle SET_VERIFY = procedure("SSL_CTX_set_verify", PTR, INT, PTR);
    /** {@code X509_STORE *SSL_CTX_get_cert_store(const SSL_CTX *ctx)}: the context's own, not counted. */
    private static final MethodHandle STORE = function("SSL_CTX_get_cert_store", PTR, PTR);
    /** {@code int X509_STORE_add_cert(X509_STORE *xs, X509 *x)}. */
    private static final MethodHandle ADD_CERTIFICATE = function("X509_STORE_add_cert", INT, PTR, PTR);
    /** {@code int X509_STORE_add_crl(X509_STORE *xs, X509_CRL *x)}. */
    private static final MethodHandle ADD_CRL = function("X509_STORE_add_crl", INT, PTR, PTR);
    /** {@code int X509_STORE_set_flags(X509_STORE *xs, unsigned long flags)}. */
    private static final MethodHandle SET_FLAGS = function("X509_STORE_set_flags", INT, PTR, SIZE);
    /** {@code X509_CRL *d2i_X509_CRL(X509_CRL **a, const unsigned char **ppin, long length)}. */
    private static final MethodHandle READ_CRL = function("d2i_X509_CRL", PTR, PTR, PTR, SIZE);
    /** {@code void X509_CRL_free(X509_CRL *a)}. */
    private static final MethodHandle FREE_CRL = procedure("X509_CRL_free", PTR);
    /** {@code int SSL_CTX_add_client_CA(SSL_CTX *ctx, X509 *cacert)}: of whom a client is told. */
    private static final MethodHandle ADD_NAME = function("SSL_CTX_add_client_CA", INT, PTR, PTR);

    /** {@code X509 *SSL_get0_peer_certificate(const SSL *ssl)}: the connection's own, not counted. */
    private static final MethodHandle PEER = function("SSL_get0_peer_certificate", PTR, PTR);
    /** {@code STACK_OF(X509) *SSL_get_peer_cert_chain(const SSL *ssl)}: without its own, at a server. */
    private static final MethodHandle PEER_CHAIN = function("SSL_get_peer_cert_chain", PTR, PTR);
    /** {@code int OPENSSL_sk_num(const OPENSSL_STACK *st)}: -1 for none. */
    private static final MethodHandle COUNT = function("OPENSSL_sk_num", INT, PTR);
    /** {@code void *OPENSSL_sk_value(const OPENSSL_STACK *st, int i)}. */
    private static final MethodHandle VALUE = function("OPENSSL_sk_value", PTR, PTR, INT);
    /** {@code int i2d_X509(const X509 *a, unsigned char **ppout)}. */
    private static final MethodHandle WRITE = function("i2d_X509", INT, PTR, PTR);

    private static final int VERIFY_NONE = 0x00;
    private static final int VERIFY_PEER = 0x01;
    private static final int FAIL_IF_NO_PEER_CERT = 0x02;
    private static final long CRL_CHECK = 0x4;
    private static final long CRL_CHECK_ALL = 0x8;

    private OpenSslClients() {}

    /** Has a context ask. Resumption needs a session id context that is set then, which it is. */
    static void ask(long context, ClientTrust trust) throws SSLException {
        long store = (long) call(STORE, context);
        try {
            for (X509Certificate authority : trust.authorities()) {
                long x509 = OpenSslIdentity.read(OpenSslIdentity.READ_CERTIFICATE, authority.getEncoded());
                try {
                    checked("an authority of clients", (int) call(ADD_CERTIFICATE, store, x509));
                    checked("an authority of clients", (int) call(ADD_NAME, context, x509));
                } finally {
                    call(OpenSslIdentity.FREE_CERTIFICATE, x509); // both hold their own references
                }
            }
            for (X509CRL list : trust.revocations()) {
                long crl = OpenSslIdentity.read(READ_CRL, list.getEncoded());
                try {
                    checked("a revocation list", (int) call(ADD_CRL, store, crl));
                } finally {
                    call(FREE_CRL, crl);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
        if (!trust.revocations().isEmpty()) {
            checked("the check of revocation", (int) call(SET_FLAGS, store, CRL_CHECK | CRL_CHECK_ALL));
        }
        call(SET_VERIFY, context, verifyMode(trust), 0L);
    }

    static int verifyMode(ClientTrust trust) {
        return switch (trust.mode()) {
            case OFF -> VERIFY_NONE;
            case OPTIONAL -> VERIFY_PEER;
            case REQUIRED -> VERIFY_PEER | FAIL_IF_NO_PEER_CERT;
        };
    }

    /** What the client of a connection has shown, its own first, as DER; empty for nothing. Of a session that is resumed only its own is known. */
    static List<byte[]> shown(long ssl) {
        List<byte[]> shown = new ArrayList<>();
        long own = (long) call(PEER, ssl);
        if (own != 0) {
            shown.add(der(own));
            long chain = (long) call(PEER_CHAIN, ssl);
            int count = (int) call(COUNT, chain);
            for (int i = 0; i < count; i++) {
                shown.add(der((long) call(VALUE, chain, i)));
            }
        }
        return shown;
    }

    private static byte[] der(long x509) {
        int length = (int) call(WRITE, x509, 0L);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment into = arena.allocate(length);
            MemorySegment pointer = arena.allocateFrom(OpenSsl.PTR, into.address());
            call(WRITE, x509, pointer.address());
            return into.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
