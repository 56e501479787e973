// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.OpenSsl.INT;
import static io.waffle.server.tls.OpenSsl.PTR;
import static io.waffle.server.tls.OpenSsl.SIZE;
import static io.waffle.server.tls.OpenSsl.call;
import static io.waffle.server.tls.OpenSsl.function;
import static io.waffle.server.tls.OpenSsl.procedure;
import static io.waffle.server.tls.OpenSslIdentity.checked;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * TLS as a listener speaks it, in OpenSSL: the rules of {@link TlsRules} and a {@link TlsPolicy}. Set up once, then immutable, thread-safe. OpenSSL counts who uses
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
    /** {@code void SSL_CTX_set_alpn_select_cb(SSL_CTX *ctx, SSL_CTX_alpn_select_cb_func cb, void *arg)}. */
    private static final MethodHandle ALPN = procedure("SSL_CTX_set_alpn_select_cb", PTR, PTR, PTR);
    /** {@code long SSL_CTX_callback_ctrl(SSL_CTX *ctx, int cmd, void (*fp)(void))}. */
    private static final MethodHandle CALLBACK_CTRL = function("SSL_CTX_callback_ctrl", SIZE, PTR, INT, PTR);
    /** {@code void SSL_CTX_set_cert_cb(SSL_CTX *c, int (*cert_cb)(SSL *ssl, void *arg), void *arg)}. */
    private static final MethodHandle CERT_CB = procedure("SSL_CTX_set_cert_cb", PTR, PTR, PTR);

    /** {@code void SSL_CTX_set_client_hello_cb(SSL_CTX *c, SSL_client_hello_cb_fn cb, void *arg)}. */
    private static final MethodHandle HELLO_CB = procedure("SSL_CTX_set_client_hello_cb", PTR, PTR, PTR);

    /** {@code int SSL_CTX_set_session_id_context(SSL_CTX *ctx, const unsigned char *sid_ctx, unsigned int sid_ctx_len)}: 32 bytes at most. */
    private static final MethodHandle SESSION_ID_CONTEXT =
            function("SSL_CTX_set_session_id_context", INT, PTR, PTR, INT);
    /** {@code int SSL_CTX_set_tlsext_ticket_key_evp_cb(SSL_CTX *ctx, int (*fp)(...))}. */
    private static final MethodHandle TICKET_CB = function("SSL_CTX_set_tlsext_ticket_key_evp_cb", INT, PTR, PTR);

    private static final int SET_MODE = 33;
    private static final int CLEAR_MODE = 78;
    private static final int SET_SESSION_CACHE = 44;
    private static final int SET_SERVER_NAME_CALLBACK = 53;
    private static final int SET_GROUPS = 92;
    private static final int SET_MIN_VERSION = 123;
    private static final int GET_MIN_VERSION = 130;

    private static final long TLS_1_2 = 0x0303;
    private static final long TLS_1_3 = 0x0304;
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
     * A listener that keeps to this.
     *
     * @throws SSLException if the system's configuration of OpenSSL forbids what we speak
     * @throws TlsConfigException if it has not what is configured
     */
    static OpenSslContext of(TlsPolicy policy) throws SSLException, TlsConfigException {
        OpenSslContext made = new OpenSslContext(checked("SSL_CTX_new", (long) call(NEW, call(METHOD))));
        made.setRules(policy.with12() ? TLS_1_2 : TLS_1_3);
        made.setSuites(policy);
        made.setGroups(policy.groups());
        return made;
    }

    private void setRules(long lowest) throws SSLException {
        if ((long) call(CTRL, context, GET_MIN_VERSION, 0L, 0L)
                < lowest) { // the system may ask for more, and 0 stands for anything
            control(SET_MIN_VERSION, lowest, 0);
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
        call(ALPN, context, OpenSslAlpn.SELECT.address(), 0L);
    }

    /** Of a list OpenSSL takes what it knows, and is content with that. So what somebody has named is tried by itself. */
    private void setSuites(TlsPolicy policy) throws SSLException, TlsConfigException {
        for (String name : policy.named()) {
            boolean known =
                    CipherNames.isOf13(name) ? isTaken(SUITES, name) : isTaken(SUITES_12, CipherNames.openSsl(name));
            if (!known) {
                throw TlsPolicy.unknownSuite(name, OpenSsl.version());
            }
        }
        checked("the cipher suites of TLS 1.3", give(SUITES, String.join(":", policy.suites13())));
        checked(
                "the cipher suites of TLS 1.2",
                give(
                        SUITES_12,
                        policy.suites12().stream().map(CipherNames::openSsl).collect(Collectors.joining(":"))));
    }

    private boolean isTaken(MethodHandle setter, String name) {
        boolean taken = give(setter, name) > 0;
        OpenSsl.reason(); // which empties its queue of errors
        return taken;
    }

    private int give(MethodHandle setter, String names) {
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    call(setter, context, arena.allocateFrom(names, US_ASCII).address());
        }
    }

    private void setGroups(List<String> groups) throws TlsConfigException {
        try (Arena arena = Arena.ofConfined()) {
            for (String name : groups) {
                if (setGroups(arena, name) <= 0) {
                    OpenSsl.reason();
                    throw TlsPolicy.unknownGroup(name, OpenSsl.version());
                }
            }
            if (!groups.isEmpty()) {
                setGroups(arena, String.join(":", groups));
            }
        }
    }

    private long setGroups(Arena arena, String names) {
        return (long) call(
                CTRL,
                context,
                SET_GROUPS,
                0L,
                arena.allocateFrom(names, US_ASCII).address());
    }

    /** All connections show this one. */
    void show(OpenSslIdentity identity) throws SSLException {
        identity.useForAll(context);
    }

    /** Each connection asks what to show, by {@link OpenSslHandshake}. */
    void showByName() {
        call(CALLBACK_CTRL, context, SET_SERVER_NAME_CALLBACK, OpenSslHandshake.CHECK_NAME.address());
        call(CERT_CB, context, OpenSslHandshake.CHOOSE.address(), 0L);
    }

    /** Each connection asks whose rules are for who says such a hello, by {@link OpenSslHandshake}. */
    void chooseByHello() {
        call(HELLO_CB, context, OpenSslHandshake.HELLO.address(), 0L);
    }

    /** OpenSSL's object, not counted. */
    long address() {
        return context;
    }

    /** A session is resumed only where this is the same. */
    void bindSessions(byte[] binding) throws SSLException {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, binding).address();
            checked("the session id context", (int) call(SESSION_ID_CONTEXT, context, bytes, binding.length));
        }
    }

    /** Clients are asked for certificates. */
    void askClients(ClientTrust trust) throws SSLException {
        OpenSslClients.ask(context, trust);
    }

    /** Each connection asks for the keys of tickets, by {@link OpenSslHandshake}. */
    void askForTicketKeys() {
        call(TICKET_CB, context, OpenSslHandshake.TICKET.address());
    }

    /**
     * Finds out whether a connection could show this.
     *
     * @throws SSLException if the rules of the system forbid it
     */
    void tryOut(OpenSslIdentity identity) throws SSLException {
        long ssl = accept();
        try {
            identity.use(ssl);
        } finally {
            OpenSsl.free(ssl);
        }
    }

    private void control(int command, long number, long pointer) throws SSLException {
        checked("SSL_CTX_ctrl " + command, (long) call(CTRL, context, command, number, pointer));
    }

    /** OpenSSL's object for a new connection, to be freed once. */
    long accept() throws SSLException {
        return checked("SSL_new", OpenSsl.accept(context));
    }
}
