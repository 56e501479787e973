// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Notices a client that leaves while its request is served. A reset says so. The end of its stream alone does not: it may only have closed its
 * sending half, and still wait for the answer. The two look the same until something is sent, so a client of HTTP/1.1 whose stream has ended
 * is sent an interim response, twice: any number of {@code 100 Continue} may come before the final response (RFC 9110 section 15.2), a living
 * client skips them, and a dead one's host answers with a reset, which the second write meets.
 *
 * <p>What else arrives meanwhile is the beginning of the next request: it is kept.
 */
final class ClientWatch {

    private static final long PROBE_AFTER_NANOS = 300_000_000;
    private static final int PROBES = 2;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer probe = ByteBuffer.allocateDirect(CONTINUE.length).put(CONTINUE);
    private @Nullable Channel client;
    private boolean ended;
    private int probesLeft;
    private long probeAt;

    void begin(Channel channel, boolean understandsInterim) {
        client = channel;
        ended = false;
        probesLeft = understandsInterim ? PROBES : 0;
        probeAt = Deadline.NONE;
    }

    /** Whether the client has closed its sending half. */
    boolean ended() {
        return ended;
    }

    /** When to call {@link #probe} next. */
    long probeAt() {
        return probeAt;
    }

    /** Whether {@link #look} may find anything. */
    boolean mayLook(ByteBuffer ahead) {
        return !ended && ahead.limit() < ahead.capacity();
    }

    /** Looks what has arrived, and appends it to {@code ahead}, a buffer in read mode. */
    void look(ByteBuffer ahead) throws ExchangeException {
        int start = ahead.position();
        ahead.position(ahead.limit()).limit(ahead.capacity());
        try {
            if (client().tryRead(ahead) < 0) {
                ended = true;
                probeAt = probesLeft > 0 ? Deadline.in(PROBE_AFTER_NANOS) : Deadline.NONE;
            }
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        } finally {
            ahead.flip().position(start);
        }
    }

    /** Sends an interim response, if it is time to, and nothing of the final one has been sent. */
    void probe() throws ExchangeException {
        if (!Deadline.passed(probeAt)) {
            return;
        }
        probesLeft--;
        probeAt = probesLeft > 0 ? Deadline.in(PROBE_AFTER_NANOS) : Deadline.NONE;
        try {
            client().write(probe.rewind());
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        }
    }

    private Channel client() {
        if (client == null) {
            throw new IllegalStateException("not begun");
        }
        return client;
    }
}
