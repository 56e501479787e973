// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import io.waffle.api.StrategyProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a pick costs, for requests from ever other clients, of which every pick ends at once. All backends are idle and eligible: for
 * least-connections the dearest case, since all of them tie.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class PickBenchmark {

    /** The strategy. */
    @Param({"round-robin", "ip-hash", "least-connections"})
    public String strategy = "";

    /** How many there are to choose from. */
    @Param({"3", "100", "1000", "10000"})
    public int backends;

    private Picker picker = request -> {
        throw new IllegalStateException("not set up");
    };

    /** Finds the strategy as the server does, and has it make a picker. */
    @Setup
    public void setUp() {
        List<Backend> members = new ArrayList<>();
        for (int i = 0; i < backends; i++) {
            members.add(new IdleBackend("10.0." + i / 256 + "." + i % 256 + ":3000"));
        }
        picker = ServiceLoader.load(StrategyProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(strategy))
                .findFirst()
                .orElseThrow()
                .create(new BenchContext())
                .picker(List.copyOf(members));
        Client client = new Client();
        for (int i = 0; i < 1 << 20; i++) { // by then most of what is worked out on first use is
            if (strategy.equals("ip-hash")) {
                client.pick(picker);
            }
        }
    }

    /** One pick, and the end of the attempt. */
    @Benchmark
    public Backend pick(Client client) {
        return client.pick(picker);
    }
}
