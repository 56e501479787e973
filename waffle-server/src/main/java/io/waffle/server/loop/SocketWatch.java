// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.nio.channels.SelectionKey;

/**
 * The watch of a socket: its place at the selector of its loop.
 *
 * <p>Threading: {@link #ready} on the loop's thread, all else as {@link Watch} has it. The loop takes the interest away, then looks at the waiter, who
 * comes first and then looks at the interest: at least one of them sees the other.
 */
final class SocketWatch extends Watch {

    private final SelectionKey key;

    SocketWatch(Loop loop, SelectionKey key, Wheel wheel) {
        super(loop, wheel);
        this.key = key;
        key.attach(this);
    }

    /** The connection is there: from now on it is watched for what arrives. */
    void connected() {
        key.interestOps(SelectionKey.OP_READ);
        readable(false);
        writable(true);
        loop().interestChanged();
    }

    @Override
    void interest(int ops) {
        if ((key.interestOps() & ops) != ops) {
            key.interestOpsOr(ops);
            loop().interestChanged();
        }
    }

    /** The selector found the socket ready. On the loop's thread. */
    void ready() {
        int ops = key.readyOps();
        if ((ops & SelectionKey.OP_READ) != 0) {
            readable(true);
        }
        if ((ops & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
            writable(true);
        }
        if (isAwaited(ops) && wake()) {
            return;
        }
        key.interestOpsAnd(~ops); // level-triggered: without this the selector would spin
        if (isAwaited(ops)) {
            key.interestOpsOr(ops & wanted()); // somebody came to wait meanwhile
        } else {
            runUnattended();
        }
    }
}
