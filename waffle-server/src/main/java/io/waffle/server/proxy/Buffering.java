// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import java.io.IOException;

/**
 * Reads the body of a request before a backend is taken for it, so that a client that sends slowly holds none. What was read is kept as for a
 * repetition, and sent as if it were one. Of a body that is longer, or for which there is no more room, the rest goes on as it comes.
 */
final class Buffering {

    private Buffering() {}

    /** Returns when there are so many bytes of it, or all. */
    static void fill(Exchange x, long most) throws ExchangeException {
        if (x.reply.awaitsContinue()) {
            askForBody(x);
        }
        x.clock.stop();
        Pace pace = x.up.begin();
        x.upload.startAhead();
        while (!x.upload.isAhead(most)) {
            if (x.upload.readAhead(most)) {
                pace.moved();
                x.client.channel().passIfSpent();
            } else {
                await(x, pace);
            }
        }
        x.upload.endAhead(x.isRepeatable());
        x.clock.goOn();
    }

    /** Nobody else would: the backend that may not want it is asked later. */
    private static void askForBody(Exchange x) throws ExchangeException {
        try {
            x.reply.stageContinue();
            x.client.flush(Deadline.in(x.route().timeouts().body()));
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        }
    }

    private static void await(Exchange x, Pace pace) throws ExchangeException {
        Channel client = x.client.channel();
        long time = x.route().timeouts().body().toNanos();
        client.deadline(pace.until(Awaited.REQUEST_BODY, Deadline.now(), time, x.upload.content()));
        try {
            client.await(Channel.READ);
        } catch (DeadlineException e) {
            throw ExchangeException.of(Fault.CLIENT_TOO_SLOW, e);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        } finally {
            pace.waited();
            client.deadline(Deadline.NONE);
        }
    }
}
