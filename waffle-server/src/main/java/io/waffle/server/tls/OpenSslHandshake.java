// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.OpenSsl.INT;
import static io.waffle.server.tls.OpenSsl.PTR;
import static io.waffle.server.tls.OpenSsl.call;
import static io.waffle.server.tls.OpenSsl.function;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What OpenSSL asks us in a handshake: what is asked of a client with such a hello, whether the name it asks for is served, with which certificates, and
 * by which key a session ticket is sealed. It has read the client's hello; we never do, in however many records it comes.
 *
 * <p>OpenSSL calls back on the thread that called it, within that call. So what it is to be told is where that thread finds it, and nothing of
 * ours is known to C, nor has to outlive anything.
 *
 * <p>Threading: by one thread at a time.
 */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSslHandshake {

    private static final int OK = 0; // SSL_TLSEXT_ERR_OK
    private static final int ALERT = 2; // SSL_TLSEXT_ERR_ALERT_FATAL
    private static final int NOT_ACKNOWLEDGED = 3; // SSL_TLSEXT_ERR_NOACK
    private static final int UNRECOGNIZED_NAME = 112; // RFC 6066 section 3
    private static final int DECODE_ERROR = 50;
    private static final int MISSING_EXTENSION = 109; // RFC 8446 section 9.2; TLS 1.2 is told of a handshake_failure

    private static final int HOST_NAME = 0; // TLSEXT_NAMETYPE_host_name
    private static final int LONGEST_NAME = 256; // OpenSSL takes no longer one

    /** {@code const char *SSL_get_servername(const SSL *s, const int type)}. */
    private static final MethodHandle SERVER_NAME = function("SSL_get_servername", PTR, PTR, INT);

    private static final ThreadLocal<@Nullable OpenSslHandshake> CURRENT = new ThreadLocal<>();

    /** {@code int cb(SSL *s, int *al, void *arg)}. Lives as long as the process. */
    static final MemorySegment HELLO = stub("hello", INT, PTR, PTR, PTR);

    /** The same. */
    static final MemorySegment CHECK_NAME = stub("checkName", INT, PTR, PTR, PTR);

    /** {@code int cb(SSL *ssl, void *arg)}. Lives as long as the process. */
    static final MemorySegment CHOOSE = stub("choose", INT, PTR, PTR);

    /** {@code int cb(SSL *s, unsigned char key_name[16], unsigned char *iv, EVP_CIPHER_CTX *ctx, EVP_MAC_CTX *hctx, int enc)}. */
    static final MemorySegment TICKET = stub("ticket", INT, PTR, PTR, PTR, PTR, PTR, INT);

    private final OpenSslServer server;

    /** To choose from; null if there is no choice. */
    private final @Nullable CertificateTable certificates;

    /** By which it goes on. */
    private OpenSslSide side;

    /** What it was chosen by; null for no name, or if there was no choice. */
    private @Nullable String askedName;

    OpenSslHandshake(OpenSslServer server, @Nullable CertificateTable certificates) {
        this.server = server;
        this.certificates = certificates;
        this.side = server.own();
    }

    private static MemorySegment stub(String name, MemoryLayout result, MemoryLayout... parameters) {
        FunctionDescriptor type = FunctionDescriptor.of(result, parameters);
        MethodType java = type.toMethodType();
        try {
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.lookup().findStatic(OpenSslHandshake.class, name, java),
                            type,
                            Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    /** As {@link OpenSsl#handshake}, with an answer to what it asks. */
    int run(long ssl) {
        CURRENT.set(this);
        try {
            return OpenSsl.handshake(ssl);
        } finally {
            CURRENT.remove();
        }
    }

    /** By what the client is asked for a certificate. */
    ClientPolicy policy() {
        return side.policy();
    }

    /** The name that was chosen by; null for none. */
    @Nullable
    String askedName() {
        return askedName;
    }

    /** Must not throw: that would end the process. So the next ones. Asked again if the client has to say its hello anew, and may ask for another name then. */
    @SuppressWarnings("unused") // by OpenSSL
    private static int hello(long ssl, long alert, long arg) {
        try {
            present(CURRENT.get()).choose(ssl);
            return OpenSslHello.SUCCESS;
        } catch (Throwable e) {
            tell(alert, DECODE_ERROR);
            return OpenSslHello.ERROR;
        }
    }

    private void choose(long ssl) throws SSLException {
        String asked = OpenSslHello.serverName(ssl);
        OpenSslSide chosen = server.side(asked);
        if (!chosen.equals(side)) {
            OpenSslHello.goOnBy(ssl, chosen);
        }
        side = chosen;
        askedName = asked;
    }

    private static void tell(long alert, int description) {
        MemorySegment.ofAddress(alert).reinterpret(INT.byteSize()).set(INT, 0, description);
    }

    @SuppressWarnings("unused") // by OpenSSL
    private static int checkName(long ssl, long alert, long arg) {
        try {
            CertificateTable known = present(CURRENT.get()).certificates;
            String asked = asked(ssl);
            if (known != null && !known.refuses(asked)) {
                return asked != null && known.knows(asked) ? OK : NOT_ACKNOWLEDGED;
            }
            tell(alert, asked == null ? MISSING_EXTENSION : UNRECOGNIZED_NAME);
        } catch (Throwable e) {
            // the client is refused
        }
        return ALERT;
    }

    @SuppressWarnings("unused") // by OpenSSL
    private static int choose(long ssl, long arg) {
        try {
            return present(CURRENT.get()).show(ssl) ? 1 : 0;
        } catch (Throwable e) {
            return 0;
        }
    }

    @SuppressWarnings("unused") // by OpenSSL
    private static int ticket(long ssl, long keyName, long iv, long cipher, long mac, int sealing) {
        try {
            TicketKeys keys = present(CURRENT.get()).side.tickets();
            return keys == null
                    ? OpenSslTickets.FAILED
                    : OpenSslTickets.answer(keys, keyName, iv, cipher, mac, sealing != 0);
        } catch (Throwable e) {
            return OpenSslTickets.FAILED;
        }
    }

    private static OpenSslHandshake present(@Nullable OpenSslHandshake current) {
        return Objects.requireNonNull(current, "OpenSSL asks outside of a handshake");
    }

    /** One whose key turns out to be broken is as if it were not there. */
    private boolean show(long ssl) {
        CertificateTable known = certificates;
        return known != null && (use(ssl, known.of(asked(ssl))) || use(ssl, known.fallback()));
    }

    private boolean use(long ssl, List<NamedCertificate> kinds) {
        boolean some = false;
        for (NamedCertificate certificate : kinds) {
            OpenSslIdentity identity = server.identities().find(certificate);
            if (identity != null) {
                some |= used(ssl, identity);
            }
        }
        return some;
    }

    private static boolean used(long ssl, OpenSslIdentity identity) {
        try {
            identity.use(ssl);
            return true;
        } catch (SSLException e) {
            return false; // it was tried before
        }
    }

    private static @Nullable String asked(long ssl) {
        long name = (long) call(SERVER_NAME, ssl, HOST_NAME);
        return name == 0
                ? null
                : MemorySegment.ofAddress(name).reinterpret(LONGEST_NAME).getString(0, StandardCharsets.ISO_8859_1);
    }
}
