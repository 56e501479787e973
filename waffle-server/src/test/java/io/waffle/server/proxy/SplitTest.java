// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.ConfigLoader;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.RouteAction.SplitBy;
import io.waffle.server.config.RouteAction.SplitKind;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.Requests;
import io.waffle.server.tls.ClientTls;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** The shares of clients that stay with their pool. */
final class SplitTest {

    private static final int CLIENTS = 100_000;

    private final WaffleConfig config = ConfigLoader.load(Map.of(), Map.of("WAFFLE_BACKENDS", "http://a"), Path.of(""))
            .config();

    private Destination destination(String name, int weight) throws Exception {
        PoolConfig of = config.pools().getFirst();
        Pool pool = Requests.pool(
                name, Requests.backends(name), backends -> request -> backends.getFirst(), System::nanoTime, 1);
        ClientTls tls = ClientTls.load(of.backendTls(), Clock.systemUTC());
        Forwarder forwarder = new Forwarder(
                pool,
                Optional.empty(),
                of.timeouts(),
                config.routes().getFirst().retry(),
                new RetryBudget(20));
        return new Destination(new Upstream(of, pool, tls, Map.of()), weight, "any", forwarder, Map.of());
    }

    private static Requests.Plain from(ClientAddress client) {
        return new Requests.Plain() {
            @Override
            public ClientAddress client() {
                return client;
            }
        };
    }

    /** How many of the clients go to the second of two pools with these weights. */
    private int seconds(int first, int second, LongFunction<ClientAddress> clients) throws Exception {
        Destination a = destination("a", first);
        Destination b = destination("b", second);
        Split split = new Split(List.of(a, b), new SplitBy(SplitKind.CLIENT, ""), new AtomicLong());
        int count = 0;
        for (int i = 0; i < CLIENTS; i++) {
            ClientAddress client = clients.apply(i);
            Destination chosen = split.wouldChoose(from(client));
            assertNotNull(chosen);
            assertSame(chosen, split.wouldChoose(from(client)), "the same each time");
            count += chosen == b ? 1 : 0;
        }
        return count;
    }

    @Test
    void clientsOfAnyKindGetTheirSharesWithinTwentiethsOfThem() throws Exception {
        Map<String, LongFunction<ClientAddress>> kinds = Map.of(
                "IPv4, one behind the other", i -> new ClientAddress(0, 0xFFFF_0A00_0000L + i),
                "IPv4, the same last byte", i -> new ClientAddress(0, 0xFFFF_0A00_0001L + (i << 8)),
                "IPv6, a network each", i -> new ClientAddress(0x2001_0DB8_0000_0000L + i, 1),
                "IPv6, an interface each", i -> new ClientAddress(0x2001_0DB8_0000_0000L, i),
                "IPv6, both halves alike", i -> new ClientAddress(i << 32 | i, i << 32 | i),
                "any", SplitTest::any);
        for (Map.Entry<String, LongFunction<ClientAddress>> kind : kinds.entrySet()) {
            assertEquals(CLIENTS / 20.0, seconds(95, 5, kind.getValue()), CLIENTS / 400.0, kind.getKey());
            assertEquals(CLIENTS / 2.0, seconds(1, 1, kind.getValue()), CLIENTS / 100.0, kind.getKey());
        }
    }

    private static ClientAddress any(long i) {
        Random random = new Random(i);
        return new ClientAddress(random.nextLong(), random.nextLong());
    }
}
