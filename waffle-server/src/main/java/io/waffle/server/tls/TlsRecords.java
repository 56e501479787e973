// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between a socket and an implementation of TLS, as far as that goes without waiting. It borrows memory when there is something
 * to put into it and gives it back when that is gone: an idle connection holds none.
 *
 * <p>Threading: by one thread at a time; {@link TlsChannel} sees to that.
 */
sealed interface TlsRecords permits JsseRecords, OpenSslRecords {

    /** What a handshake needs before it can go on. */
    enum Next {
        DONE,
        READ,
        WRITE,
        /** {@link #compute}, which takes long for a loop. */
        COMPUTE
    }

    /** Goes on with the first handshake; what it needs next. */
    Next advance() throws IOException;

    /**
     * Whether the peer has not closed, as far as can be told now; what it has sent meanwhile is taken in. One that was answered already may have
     * sent all it has to send, with the end of its handshake before it, and closed its side.
     */
    boolean peerIsThere() throws IOException;

    /** Does the arithmetic that is due. */
    void compute() throws IOException;

    /** What was agreed on: {@code TLSv1.3} or {@code TLSv1.2}. */
    String protocol();

    /** What ALPN agreed on; empty if the peer did not offer anything. */
    String applicationProtocol();

    /** By what the peer was asked for a certificate. Once agreed. */
    ClientPolicy clientPolicy();

    /** The name the peer asked for, if that decided what it was asked for; null for none. Once agreed. */
    @Nullable
    String askedName();

    /** What the peer has shown, its own certificate first, as DER; empty for nothing. Once agreed. */
    List<byte[]> peerCertificates();

    /** Sends what has not left yet; true if nothing of it is left. */
    boolean flush() throws IOException;

    /** Plaintext: how many bytes, 0 if there are none now, -1 if the peer has properly ended. */
    int decrypt(ByteBuffer into) throws IOException;

    /** Plaintext taken over, some of it at least if there is any. Nothing may be on its way out. */
    long encrypt(ByteBuffer[] from, int offset, int length) throws IOException;

    /** Tells the peer that no more will come, as far as it can be told now. */
    void closeOutput() throws IOException;

    /** After a failure: tells the peer why, if there is something to tell and room to tell it. */
    void alert();

    /** Whether {@link #decrypt} may give something. */
    boolean readable();

    /** Whether nothing is read before what waits for room at the socket has left. */
    boolean deaf();

    /** Whether something waits for room at the socket. */
    boolean pending();

    /** A wait begins: what is held moves to where it takes no more room than it needs. */
    void settle();

    /** Gives back all that was borrowed, for good. What was in it is lost. May be called again. */
    void release();

    static boolean hasRemaining(ByteBuffer[] from, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (from[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }
}
