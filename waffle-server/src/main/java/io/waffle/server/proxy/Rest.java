// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The wait of a client without a thread. It ends once, whoever ends it: the loop, when something comes or the deadline passes, or another thread
 * that wants something of the client.
 *
 * <p>Threading: any thread.
 */
final class Rest implements Runnable {

    private final AtomicBoolean over = new AtomicBoolean();
    private final Runnable goOn;

    /** @param goOn gives the client a thread again */
    Rest(Runnable goOn) {
        this.goOn = goOn;
    }

    @Override
    public void run() {
        if (!over.getAndSet(true)) {
            goOn.run();
        }
    }
}
