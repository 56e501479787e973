// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.CidrSet;
import io.waffle.server.http.Framing;
import io.waffle.server.loop.Loop;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a route does with a request: it has one of several pools answer, or it answers itself. */
sealed interface RouteAnswer {

    /** Sees to it that the request is answered; returns when the response has left. */
    void serve(Exchange x, Loop loop) throws ExchangeException, IOException;

    /** What decides among pools, if it goes to any. */
    Optional<Split> split();

    /** The pools it may go to. */
    default List<Destination> destinations() {
        return split().map(among -> List.of(among.all())).orElse(List.of());
    }

    /** Who gets copies. */
    default List<Mirror> mirrors() {
        return List.of();
    }

    /** By a pool. */
    record ByPool(Split choice) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws ExchangeException {
            Destination to = choice.choose(x);
            if (to == null) {
                throw ExchangeException.of(Fault.NO_SHARE);
            }
            x.goesTo(to);
            to.forwarder().forward(x, to.on(loop));
        }

        @Override
        public Optional<Split> split() {
            return Optional.of(choice);
        }
    }

    /** In some other way, once the body of the request is there. */
    record Buffered(RouteAnswer then, long most) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws ExchangeException, IOException {
            if (x.request.framing() != Framing.NONE) {
                Buffering.fill(x, most);
            }
            then.serve(x, loop);
        }

        @Override
        public Optional<Split> split() {
            return then.split();
        }

        @Override
        public List<Mirror> mirrors() {
            return then.mirrors();
        }
    }

    /** In some other way, and others are told of it. */
    record Mirrored(RouteAnswer then, Mirroring mirroring) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws ExchangeException, IOException {
            Copies copies = mirroring.begin(x, loop);
            if (copies == null) {
                then.serve(x, loop);
                return;
            }
            try {
                then.serve(x, loop);
            } finally {
                x.upload.copyTo(null);
                copies.drop();
            }
        }

        @Override
        public Optional<Split> split() {
            return then.split();
        }

        @Override
        public List<Mirror> mirrors() {
            return mirroring.mirrors();
        }
    }

    /** In some other way, but for what browsers ask before they let pages of other origins do it. */
    record Shared(RouteAnswer then, CorsPolicy policy) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws ExchangeException, IOException {
            Optional<OwnAnswer> preflight = policy.preflight(x);
            if (preflight.isPresent()) {
                x.reply.answer(preflight.get());
            } else {
                x.grants(policy.grants(x));
                then.serve(x, loop);
            }
        }

        @Override
        public Optional<Split> split() {
            return then.split();
        }

        @Override
        public List<Mirror> mirrors() {
            return then.mirrors();
        }
    }

    /** By Waffle, as long as the route is closed, but for those who work on it. */
    record Closed(RouteAnswer open, CidrSet except, OwnAnswer answer) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws ExchangeException, IOException {
            if (except.contains(x.clientAddress())) {
                open.serve(x, loop);
            } else {
                x.reply.answer(answer);
            }
        }

        @Override
        public Optional<Split> split() {
            return open.split();
        }

        @Override
        public List<Mirror> mirrors() {
            return open.mirrors();
        }
    }

    /** By Waffle itself. */
    record ByWaffle(OwnAnswer answer) implements RouteAnswer {

        @Override
        public void serve(Exchange x, Loop loop) throws IOException {
            x.reply.answer(answer);
        }

        @Override
        public Optional<Split> split() {
            return Optional.empty();
        }
    }
}
