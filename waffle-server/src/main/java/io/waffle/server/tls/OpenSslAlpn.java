// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.OpenSsl.INT;
import static io.waffle.server.tls.OpenSsl.PTR;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;

/** The one thing OpenSSL asks us: which of the protocols a client offers (RFC 7301) it shall have. Once per handshake, and only if asked. */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSslAlpn {

    /**
     * {@code int cb(SSL *ssl, const unsigned char **out, unsigned char *outlen, const unsigned char *in, unsigned int inlen, void *arg)}.
     * Lives as long as the process.
     */
    static final MemorySegment SELECT = stub();

    private static final int CHOSEN = 0; // SSL_TLSEXT_ERR_OK
    private static final int NO_APPLICATION_PROTOCOL = 2; // SSL_TLSEXT_ERR_ALERT_FATAL

    private static final MemorySegment HTTP_1_1 = MemorySegment.ofArray("http/1.1".getBytes(StandardCharsets.US_ASCII))
            .asReadOnly();

    private OpenSslAlpn() {}

    private static MemorySegment stub() {
        try {
            MethodType type = MethodType.methodType(
                    int.class, long.class, long.class, long.class, long.class, int.class, long.class);
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.lookup().findStatic(OpenSslAlpn.class, "select", type),
                            FunctionDescriptor.of(INT, PTR, PTR, PTR, PTR, INT, PTR),
                            Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("select", e);
        }
    }

    /** The answer points into the question, which OpenSSL copies. Must not throw: that would end the process. */
    @SuppressWarnings("unused") // by OpenSSL
    private static int select(long ssl, long out, long outLength, long in, int length, long arg) {
        MemorySegment offered = MemorySegment.ofAddress(in).reinterpret(length);
        for (long at = 0; at < length; ) {
            int size = offered.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
            if (at + 1 + size > length) {
                break; // OpenSSL has looked at the lengths before; this does not rely on it
            }
            if (offered.asSlice(at + 1, size).mismatch(HTTP_1_1) < 0) {
                MemorySegment.ofAddress(out).reinterpret(PTR.byteSize()).set(PTR, 0, in + at + 1);
                MemorySegment.ofAddress(outLength).reinterpret(1).set(ValueLayout.JAVA_BYTE, 0, (byte) size);
                return CHOSEN;
            }
            at += 1 + size;
        }
        return NO_APPLICATION_PROTOCOL;
    }
}
