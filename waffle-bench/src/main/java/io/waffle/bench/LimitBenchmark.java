// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.Cidr;
import io.waffle.server.config.CidrSet;
import io.waffle.server.limit.ClientCounts;
import io.waffle.server.limit.KeyedHash;
import io.waffle.server.limit.RateLimiter;
import io.waffle.server.limit.RateTable;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.MemoryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs a request that its client is held to what it may have: the clients come in no order, as many as the tables know at once. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class LimitBenchmark {

    private static final int BLOCKS = 100_000;

    /** How many clients there are. */
    @Param({"100", "100000", "1000000"})
    public int clients;

    private final MemoryBudget memory = MemoryBudget.boundless();
    private final KeyedHash hash = KeyedHash.secret();
    private final RateTable table = new RateTable(memory);
    private final RateLimiter generous = new RateLimiter(table, 1, 1_000_000, Duration.ofSeconds(1), 1_000_000);
    private final RateLimiter strict = new RateLimiter(table, 2, 1, Duration.ofHours(1), 1);
    private ClientCounts counts = new ClientCounts(memory, 1);
    private CidrSet set = CidrSet.NONE;
    private ClientAddress[] addresses = {};

    /** Where a thread is among them. */
    @State(Scope.Thread)
    public static class Turn {

        private int at;

        ClientAddress next(ClientAddress[] among) {
            at = at + 1 < among.length ? at + 1 : 0;
            return among[at];
        }
    }

    /** All clients have been here before. */
    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(13);
        counts = new ClientCounts(memory, clients);
        addresses = new ClientAddress[clients];
        for (int i = 0; i < clients; i++) {
            addresses[i] = new ClientAddress(0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(random.nextInt()));
            strict.take(hash.of(addresses[i]), Deadline.now());
        }
        List<Cidr> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            blocks.add(new Cidr(
                    new ClientAddress(0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(random.nextInt() & ~0xFF)), 120));
        }
        set = CidrSet.of(blocks);
    }

    @Benchmark
    public long key(Turn turn) {
        return hash.of(turn.next(addresses));
    }

    @Benchmark
    public long allowed(Turn turn) {
        return generous.take(hash.of(turn.next(addresses)), Deadline.now());
    }

    @Benchmark
    public long refused(Turn turn) {
        return strict.take(hash.of(turn.next(addresses)), Deadline.now());
    }

    /** In, and out again. */
    @Benchmark
    public int counted(Turn turn) {
        int place = counts.enter(hash.of(turn.next(addresses)), 100);
        counts.leave(place);
        return place;
    }

    /** Among 100,000 blocks. */
    @Benchmark
    public boolean listed(Turn turn) {
        return set.contains(turn.next(addresses));
    }
}
