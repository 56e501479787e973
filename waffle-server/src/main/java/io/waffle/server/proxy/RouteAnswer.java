// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Loop;
import java.io.IOException;
import java.util.List;

/** What a route does with a request: it has one of several pools answer, or it answers itself. */
sealed interface RouteAnswer {

    /** Sees to it that the request is answered; returns when the response has left. */
    void serve(Exchange x, Loop loop) throws ExchangeException, IOException;

    /** The pools it may go to. */
    List<Destination> destinations();

    /** By a pool. */
    record ByPool(Split split) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws ExchangeException {
            Destination to = split.choose(x);
            if (to == null) {
                throw ExchangeException.of(Fault.NO_SHARE);
            }
            x.goesTo(to);
            to.forwarder().forward(x, to.on(loop));
        }

        @Override
        public List<Destination> destinations() {
            return List.of(split.all());
        }
    }

    /** By Waffle itself. */
    record ByWaffle(OwnAnswer answer) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws IOException {
            x.stageOwn(answer);
            x.client.flush(Deadline.in(x.route().timeouts().body()));
        }

        @Override
        public List<Destination> destinations() {
            return List.of();
        }
    }
}
