// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.api.PickRequest;
import io.waffle.server.config.RouteAction.SplitBy;
import io.waffle.server.config.RouteAction.SplitKind;
import io.waffle.server.http.CookieValue;
import io.waffle.server.http.KnownField;
import io.waffle.server.pool.PickContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the pools of a route. A sticky cookie of one of them goes before weights; then what the operator named decides, so that the same
 * value always leads to the same pool, or each has its turn.
 *
 * <p>Threading: any thread.
 */
final class Split {

    /** Multiples of the golden ratio, modulo one, are spread as evenly as can be, however many of them are taken (Knuth, TAOCP 3, 6.4). */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Destination[] all;
    private final int total;
    private final SplitKind kind;
    private final String name;
    private final AtomicLong turn;

    /** @param turn how many have had their turn; goes on when weights change */
    Split(List<Destination> all, SplitBy by, AtomicLong turn) {
        this.all = all.toArray(Destination[]::new);
        this.total = all.stream().mapToInt(Destination::weight).sum();
        this.kind = by.kind();
        this.name = by.kind() == SplitKind.HEADER ? by.name().toLowerCase(Locale.ROOT) : by.name();
        this.turn = turn;
    }

    AtomicLong turn() {
        return turn;
    }

    Destination[] all() {
        return all;
    }

    /** The one for this request; null if all weights are 0. */
    @Nullable
    Destination choose(Exchange x) {
        if (all.length == 1) {
            return total > 0 ? all[0] : homeOf(x.selection);
        }
        Destination home = homeOf(x.selection);
        return home != null || total == 0 ? home : at(point(x));
    }

    /** The same for a request that is only asked about: nobody loses a turn by it. */
    @Nullable
    Destination wouldChoose(PickContext request) {
        Destination home = homeOf(request);
        return home != null || total == 0 ? home : at(point(request));
    }

    /** The one whose share of all numbers has this one. */
    private Destination at(long point) {
        long left = Math.multiplyHigh(point & Long.MAX_VALUE, 2L * total); // of [0, total)
        for (Destination each : all) {
            left -= each.weight();
            if (left < 0) {
                return each;
            }
        }
        throw new IllegalStateException("no share is left");
    }

    /** The one a cookie of the client leads to. */
    private @Nullable Destination homeOf(PickContext request) {
        for (Destination each : all) {
            if (each.upstream().pool().knows(request)) {
                return each;
            }
        }
        return null;
    }

    /** A number of 64 bits, spread evenly. */
    private long point(Exchange x) {
        long hash =
                switch (kind) {
                    case TURN -> 0;
                    case CLIENT -> ofClient(x.clientAddress());
                    case HEADER -> ofHeader(x);
                    case COOKIE -> ofCookie(x);
                };
        return hash != 0 ? hash : turn.getAndIncrement() * GOLDEN;
    }

    private long point(PickRequest request) {
        long hash =
                switch (kind) {
                    case TURN -> 0;
                    case CLIENT -> ofClient(request.client());
                    case HEADER -> request.field(name).map(Split::hash).orElse(0L);
                    case COOKIE -> request.field("cookie").map(this::ofCookie).orElse(0L);
                };
        return hash != 0 ? hash : turn.get() * GOLDEN;
    }

    /** Who has no address is led as one without the field or cookie would be. */
    private static long ofClient(ClientAddress client) {
        return client.equals(ClientAddress.NONE) ? 0 : mix(mix(client.high()) + client.low());
    }

    private static long hash(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return hash(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private long ofCookie(String field) {
        ByteBuffer bytes = ByteBuffer.wrap(field.getBytes(StandardCharsets.UTF_8));
        long value = CookieValue.find(bytes, 0, bytes.limit(), name);
        return value < 0 ? 0 : hash(bytes, CookieValue.start(value), CookieValue.end(value));
    }

    private long ofHeader(Exchange x) {
        int at = x.field(name);
        return at < 0 ? 0 : hash(x.client.head(), x.request.valueStart(at), x.request.valueEnd(at));
    }

    private long ofCookie(Exchange x) {
        ByteBuffer head = x.client.head();
        for (int i = 0; i < x.request.fieldCount(); i++) {
            if (x.request.known(i) == KnownField.COOKIE) {
                long value = CookieValue.find(head, x.request.valueStart(i), x.request.valueEnd(i), name);
                if (value >= 0) {
                    return hash(head, CookieValue.start(value), CookieValue.end(value));
                }
            }
        }
        return 0;
    }

    /** FNV-1a, stirred: the same in every process, so that several lead a client to the same pool. */
    private static long hash(ByteBuffer in, int from, int to) {
        long hash = 0xCBF29CE484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (in.get(i) & 0xFF)) * 0x100000001B3L;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        long mixed = z ^ (z >>> 31);
        return mixed == 0 ? 1 : mixed;
    }
}
