// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.HeapBuffers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which name a client asks for before its handshake begins, where that decides what it is asked for: JSSE does not let a handshake change its mind about
 * that. So an engine of JSSE's reads the hello, which is told that no name is known and has no certificate, and gets no further; then the one that is chosen
 * begins with the same bytes. A hello is read by JSSE, twice, and never by us.
 *
 * <p>Whatever keeps the first engine from a name is as if there were none: the second meets it, too, and tells the client. Nothing depends on the two seeing
 * the same: a connection counts for what its own engine has asked it for.
 *
 * <p>Threading: by one thread at a time.
 */
final class JsseHello {

    private static final SSLContext NOTHING_TO_SHOW =
            TlsRules.context(new KeyManager[] {new NamedKeyManager()}, new TrustManager[0]);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The type of the records that handshake messages are in. */
    static final byte HANDSHAKE = 22;

    /** A hello that comes in more is not read here: honest ones come in one or two. */
    private static final int MOST_RECORDS = 100;

    private final SSLEngine reader = NOTHING_TO_SHOW.createSSLEngine();

    /** How much of what was received it has read. */
    private int read;

    private int records;
    private boolean over;
    private @Nullable String asked;
    private final Function<@Nullable String, JsseBeginning> choice;

    /** @param choice how a connection begins with who asks for this name, or for none */
    JsseHello(Function<@Nullable String, JsseBeginning> choice) {
        this.choice = choice;
        reader.setUseClientMode(false);
        SSLParameters parameters = reader.getSSLParameters();
        parameters.setSNIMatchers(List.of(new Ear()));
        reader.setSSLParameters(parameters);
    }

    /** Hears the name, and refuses it. */
    private final class Ear extends SNIMatcher {

        Ear() {
            super(StandardConstants.SNI_HOST_NAME);
        }

        @Override
        public boolean matches(SNIServerName name) {
            asked = JsseHandshake.text(name);
            return false;
        }
    }

    /**
     * Reads on.
     *
     * @param received all that has come since the beginning, ready to be read, which it stays
     * @return done, or what is needed: more, or {@link #compute}
     */
    TlsRecords.Next read(ByteBuffer received) {
        ByteBuffer rest = received.duplicate();
        rest.position(rest.position() + read);
        while (!over) {
            if (!rest.hasRemaining()) {
                return more(received);
            }
            int before = rest.position();
            SSLEngineResult result = unwrap(rest);
            read += rest.position() - before;
            if (result == null) {
                over = true;
            } else if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                return more(received);
            } else if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                return TlsRecords.Next.COMPUTE;
            } else {
                over = result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP;
            }
        }
        return TlsRecords.Next.DONE;
    }

    /** As much as there is room for has to do. */
    private TlsRecords.Next more(ByteBuffer received) {
        over = received.remaining() >= HeapBuffers.LARGE;
        return over ? TlsRecords.Next.DONE : TlsRecords.Next.READ;
    }

    /** The next record; null if it is of no use. */
    private @Nullable SSLEngineResult unwrap(ByteBuffer from) {
        if (from.get(from.position()) != HANDSHAKE || ++records > MOST_RECORDS) {
            return null;
        }
        try {
            return reader.unwrap(from, NOTHING.duplicate());
        } catch (SSLException e) {
            return null;
        }
    }

    /** Does the arithmetic that is due, which takes next to nothing. */
    void compute() {
        over = true;
        for (Runnable task = reader.getDelegatedTask(); task != null; task = reader.getDelegatedTask()) {
            task.run(); // what it fails at is told by the next unwrap, which does not come
        }
    }

    /** How the connection begins by what has been heard so far. */
    JsseBeginning beginning() {
        return choice.apply(asked);
    }
}
