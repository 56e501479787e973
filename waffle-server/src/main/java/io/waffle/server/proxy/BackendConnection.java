// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Channel;
import io.waffle.server.pool.IdleStack;
import io.waffle.server.pool.PooledBackend;

/** A connection to a backend: in use by one exchange, or idle on the stack of its loop. */
final class BackendConnection implements IdleStack.Connection {

    private final Channel channel;
    private final PooledBackend backend;
    private long idleSince;

    BackendConnection(Channel channel, PooledBackend backend) {
        this.channel = channel;
        this.backend = backend;
    }

    Channel channel() {
        return channel;
    }

    PooledBackend backend() {
        return backend;
    }

    @Override
    public void idleSince(long nanoTime) {
        idleSince = nanoTime;
    }

    @Override
    public long idleSince() {
        return idleSince;
    }

    @Override
    public void close() {
        channel.close();
    }
}
