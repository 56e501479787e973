// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.RateConfig;
import io.waffle.server.http.CookieValue;
import io.waffle.server.http.KnownField;
import io.waffle.server.limit.KeyedHash;
import io.waffle.server.limit.RateLimiter;
import io.waffle.server.loop.Deadline;
import io.waffle.server.plugin.FaultLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How often requests may come by a route. What goes by one name is counted together. */
final class RateGuard {

    private static final long SECOND = 1_000_000_000;

    /** In place of the key of who has no address to be counted by. */
    private static final long NOBODY = 0;

    private final RateConfig config;
    private final String field;
    private final KeyedHash hash;
    private final long route;
    private final RateLimiter limiter;
    private final FaultLog log;

    private RateGuard(RateConfig config, String route, KeyedHash hash, RateLimiter limiter) {
        this.config = config;
        this.field = config.key() == RateConfig.Key.HEADER ? config.field().toLowerCase(Locale.ROOT) : config.field();
        this.hash = hash;
        this.route = hash(hash, route);
        this.limiter = limiter;
        this.log = new FaultLog("rate " + config.name() + ": ", System::nanoTime);
    }

    static RateGuard of(RateConfig config, String route, Tallies tallies) {
        KeyedHash hash = tallies.hash();
        RateLimiter limiter = new RateLimiter(
                tallies.rates(), hash(hash, config.name()), config.count(), config.period(), config.burst());
        return new RateGuard(config, route, hash, limiter);
    }

    private static long hash(KeyedHash hash, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return hash.of(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    void admit(Exchange x) throws ExchangeException {
        long key = key(x);
        long wait = key == NOBODY ? 0 : limiter.take(key, Deadline.now());
        if (wait == 0) {
            return;
        }
        if (!config.enforced()) {
            log.warn(
                    "a request of " + x.clientAddress() + " by route "
                            + x.route().name() + " would be refused",
                    null);
            return;
        }
        x.reply.retryAfter(1 + (wait - 1) / SECOND);
        throw ExchangeException.of(Fault.RATE_LIMITED);
    }

    private long key(Exchange x) {
        return switch (config.key()) {
            case CLIENT -> ofClient(x);
            case ROUTE -> route;
            case HEADER -> ofHeader(x);
            case COOKIE -> ofCookie(x);
        };
    }

    private long ofClient(Exchange x) {
        ClientAddress client = x.clientAddress();
        return client.equals(ClientAddress.NONE) ? NOBODY : hash.of(client);
    }

    /** Whoever leaves out what is counted is counted all the same. */
    private long ofHeader(Exchange x) {
        int at = x.field(field);
        return at < 0 ? ofClient(x) : hash.of(x.client.head(), x.request.valueStart(at), x.request.valueEnd(at));
    }

    private long ofCookie(Exchange x) {
        ByteBuffer head = x.client.head();
        for (int i = 0; i < x.request.fieldCount(); i++) {
            if (x.request.known(i) == KnownField.COOKIE) {
                long value = CookieValue.find(head, x.request.valueStart(i), x.request.valueEnd(i), field);
                if (value >= 0) {
                    return hash.of(head, CookieValue.start(value), CookieValue.end(value));
                }
            }
        }
        return ofClient(x);
    }
}
