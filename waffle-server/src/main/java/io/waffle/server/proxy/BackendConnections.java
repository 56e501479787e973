// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.ResponseHead;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import io.waffle.server.peer.Endpoints;
import io.waffle.server.pool.IdleStack;
import io.waffle.server.pool.PooledBackend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections to backends of one loop: last in, first out, so that the ones that are not needed grow old and go.
 *
 * <p>Threading: {@link #closeDeparted} and {@link #closeAll} by any thread, all else by the threads of the loop.
 */
final class BackendConnections {

    private final Map<PooledBackend, IdleStack<BackendConnection>> idle = new ConcurrentHashMap<>();
    private final Loop loop;
    private final int capacity;
    private final Duration keepAlive;
    private final Lifetime lifetime;
    private final BackendConnector connector;

    BackendConnections(Loop loop, int capacity, Duration keepAlive, Lifetime lifetime, BackendConnector connector) {
        this.loop = loop;
        this.capacity = capacity;
        this.keepAlive = keepAlive;
        this.lifetime = lifetime;
        this.connector = connector;
    }

    /** This, if it is of the same terms as the other, with its connections; else the other. */
    BackendConnections orIfOther(BackendConnections other) {
        boolean same = capacity == other.capacity
                && keepAlive.equals(other.keepAlive)
                && lifetime.isLike(other.lifetime)
                && connector.isLike(other.connector);
        return same ? this : other;
    }

    /**
     * A connection that was used before and seems alive, or null. One that needs no look goes before one that was laid down a moment ago: a look is
     * a call of the host.
     *
     * @param looks whether it has to be open at this very moment
     * @param scratch for bytes that should not be there
     */
    @Nullable
    BackendConnection takeIdle(PooledBackend backend, boolean looks, ByteBuffer scratch) {
        IdleStack<BackendConnection> stack = idle.get(backend);
        if (stack == null) {
            return null;
        }
        for (BackendConnection c; (c = stack.pop(BackendConnection::needsNoLook)) != null; c.close()) {
            if (c.wake(looks, scratch)) {
                return c;
            }
        }
        return null;
    }

    /**
     * A new connection.
     *
     * @param watch who is waited for by, and may leave meanwhile; null for nobody
     * @param ends of the client's connection; null if they are not known
     */
    BackendConnection connect(
            PooledBackend backend, long deadline, @Nullable ClientWatch watch, @Nullable Endpoints ends)
            throws ExchangeException {
        Channel channel = connector.connect(backend, loop, deadline, watch, ends);
        return new BackendConnection(backend, channel, lifetime.end(Deadline.now()));
    }

    /**
     * Takes a connection back whose last response has ended where its framing said.
     *
     * @param last that response
     * @param withoutBody whether it had no body
     * @param scratch for bytes that should not be there
     */
    void putIdle(BackendConnection connection, ResponseHead last, boolean withoutBody, ByteBuffer scratch) {
        PooledBackend backend = connection.backend();
        if (connector.introducesClients()) {
            connection.close(); // the backend takes all that comes by it for this client's
            return;
        }
        connection.rest(stack(backend), keepAlive, last, withoutBody, scratch);
        if (!backend.isMember()) {
            close(backend); // if it has left just now, whoever closes those of the departed may have been here before
        }
    }

    /** Closes those to backends that have left the pool. */
    void closeDeparted() {
        for (PooledBackend backend : idle.keySet()) {
            if (!backend.isMember()) {
                close(backend);
            }
        }
    }

    void closeAll() {
        idle.values().forEach(IdleStack::closeAll);
    }

    /** The stack takes no more after that, also from those who still know it. */
    private void close(PooledBackend backend) {
        IdleStack<BackendConnection> stack = idle.remove(backend);
        if (stack != null) {
            stack.closeAll();
        }
    }

    private IdleStack<BackendConnection> stack(PooledBackend backend) {
        IdleStack<BackendConnection> stack = idle.get(backend);
        return stack != null ? stack : idle.computeIfAbsent(backend, b -> new IdleStack<>(capacity));
    }

    /** How many idle connections there are to this one. */
    int count(PooledBackend backend) {
        IdleStack<BackendConnection> stack = idle.get(backend);
        return stack == null ? 0 : stack.size();
    }

    /** How many backends there are idle connections to, or were. */
    int backends() {
        return idle.size();
    }
}
