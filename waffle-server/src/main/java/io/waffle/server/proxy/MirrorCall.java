// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.Framing;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.http.TrailerRules;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.Loop;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends one request that is there as bytes, and throws the answer away. By a virtual thread of the loop. */
final class MirrorCall {

    private final BackendConnections connections;
    private final PooledBackend backend;
    private final boolean isHead;
    private final ResponseHead response = new ResponseHead(HeadLimits.DEFAULT);
    private final BackendSide side;
    private final BodyRelay answer;
    private final ByteBuffer stray = ByteBuffer.allocate(1);

    MirrorCall(
            Loop loop, @Nullable BackendConnections connections, PooledBackend backend, boolean isHead, Spool spool) {
        this.connections = Exchange.present(connections);
        this.backend = backend;
        this.isHead = isHead;
        this.side = new BackendSide(response, loop.buffers());
        this.answer = new BodyRelay(
                new BodyInput(loop.buffers(), spool, new RequestClock(false, false)),
                side.out,
                TrailerRules.RESPONSE,
                Fault.BACKEND_RESET,
                Fault.BACKEND_RESET);
    }

    /**
     * Does it.
     *
     * @param most how many bytes of the answer are read for the sake of the connection
     * @return the status
     */
    int ask(byte[] head, ByteBuffer body, long connectBy, long until, long most) throws ExchangeException {
        BackendConnection connection = connections.takeIdle(backend, true, stray);
        if (connection == null) {
            connection = connections.connect(backend, connectBy, null, null);
        }
        boolean reusable = false;
        try {
            connection.channel().deadline(until);
            reusable = converse(connection.channel(), head, body, most);
            return response.status();
        } catch (DeadlineException e) {
            throw ExchangeException.of(Fault.BACKEND_TIMEOUT, e);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.BACKEND_RESET, e);
        } finally {
            if (reusable) {
                connections.putIdle(connection, response, response.framing(isHead) == Framing.NONE, stray);
            } else {
                connection.close();
            }
            answer.release();
            side.release();
        }
    }

    private boolean converse(Channel to, byte[] head, ByteBuffer body, long most)
            throws ExchangeException, IOException {
        side.open(to, 0);
        to.write(ByteBuffer.wrap(head));
        to.write(body);
        while (!to.tryFlush()) {
            to.await(Channel.WRITE);
        }
        int length = readHead(to);
        answer.adopt(to, side.takeBody(length), response.framing(isHead), response.contentLength(), false);
        answer.discard(most);
        while (!answer.done()) {
            if (answer.step()) {
                to.passIfSpent();
            } else {
                to.await(Channel.READ);
            }
        }
        return response.reusable(isHead) && !answer.rest().hasRemaining();
    }

    private int readHead(Channel to) throws ExchangeException, IOException {
        int length;
        while ((length = side.readHead()) < 0 || response.isInterim()) {
            if (length < 0) {
                to.await(Channel.READ);
            } else {
                side.dropHead(length);
            }
        }
        return length;
    }
}
