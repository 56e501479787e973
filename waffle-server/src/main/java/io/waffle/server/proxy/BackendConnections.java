// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Loop;
import io.waffle.server.pool.IdleStack;
import io.waffle.server.pool.PooledBackend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The idle connections to backends of one loop: last in, first out, so that the ones that are not needed grow old and go. */
final class BackendConnections {

    private final Map<PooledBackend, IdleStack<BackendConnection>> idle = new ConcurrentHashMap<>();
    private final Loop loop;
    private final int capacity;
    private final Duration keepAlive;
    private final BackendConnector connector;

    BackendConnections(Loop loop, int capacity, Duration keepAlive, BackendConnector connector) {
        this.loop = loop;
        this.capacity = capacity;
        this.keepAlive = keepAlive;
        this.connector = connector;
    }

    /** This, if it is of the same terms as the other, with its connections; else the other. */
    BackendConnections orIfOther(BackendConnections other) {
        boolean same =
                capacity == other.capacity && keepAlive.equals(other.keepAlive) && connector.isLike(other.connector);
        return same ? this : other;
    }

    /** A connection that was used before and seems alive, or null. */
    @Nullable
    BackendConnection takeIdle(PooledBackend backend) {
        IdleStack<BackendConnection> stack = stack(backend);
        for (BackendConnection c; (c = stack.pop()) != null; c.close()) {
            if (c.wake()) {
                return c;
            }
        }
        return null;
    }

    /** A new connection. */
    BackendConnection connect(PooledBackend backend, long deadline) throws ExchangeException {
        return new BackendConnection(connector.connect(backend, loop, deadline), stack(backend));
    }

    /** Takes a connection back whose last response has ended where its framing said. */
    void putIdle(BackendConnection connection, ByteBuffer scratch) {
        connection.rest(keepAlive, scratch);
    }

    void closeAll() {
        idle.values().forEach(IdleStack::closeAll);
    }

    private IdleStack<BackendConnection> stack(PooledBackend backend) {
        IdleStack<BackendConnection> stack = idle.get(backend);
        return stack != null ? stack : idle.computeIfAbsent(backend, b -> new IdleStack<>(capacity));
    }
}
