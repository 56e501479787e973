// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.AccessConfig;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.limit.ClientCounts;
import io.waffle.server.limit.KeyedHash;
import org.jspecify.annotations.Nullable;

/** Who may come by a route, and how much each may have there: asked once for each request, when its head has been read. Immutable. */
final class Guard {

    private static final int ONE_SECOND = 1;

    private final AccessConfig access;
    private final @Nullable RateGuard rate;
    private final @Nullable ClientCounts inFlight;
    private final @Nullable KeyedHash hash;
    private final int most;
    private final boolean open;

    private Guard(AccessConfig access, @Nullable RateGuard rate, int most, Tallies tallies) {
        this.access = access;
        this.rate = rate;
        this.most = most;
        this.inFlight = most == 0 ? null : tallies.inFlight();
        this.hash = most == 0 ? null : tallies.hash();
        this.open = rate == null && most == 0 && access.equals(AccessConfig.EVERYBODY);
    }

    static Guard of(RouteConfig config, Tallies tallies) {
        RateGuard rate = config.rate()
                .map(each -> RateGuard.of(each, config.name(), tallies))
                .orElse(null);
        return new Guard(config.access(), rate, config.limits().clientInFlight(), tallies);
    }

    /** Lets a request in, which then has its place among those in flight; or says why not. */
    void admit(Exchange x) throws ExchangeException {
        if (open) {
            return;
        }
        if (!access.serves(x.clientAddress())) {
            throw ExchangeException.of(Fault.DENIED);
        }
        if (rate != null) {
            rate.admit(x);
        }
        if (inFlight != null && hash != null && !x.clientAddress().equals(ClientAddress.NONE)) {
            int place = inFlight.enter(hash.of(x.clientAddress()), most);
            if (place == ClientCounts.REFUSED) {
                x.reply.retryAfter(ONE_SECOND);
                throw ExchangeException.of(Fault.CLIENT_BUSY);
            }
            x.holds(inFlight, place);
        }
    }
}
