// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.ClientAddress;
import io.waffle.api.Outcome;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;

/** What the tests of a pool send through it. */
public final class Requests {

    static final Outcome OK = new Outcome(Outcome.Kind.SUCCESS, 200, 1, 1);

    /** Never ejects. */
    static final EjectionConfig NO_EJECTION = Configs.ejection(
            true, 1, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0, AllDown.FAIL);

    private Requests() {}

    /** A pool that never ejects. */
    public static Pool pool(
            String name, List<BackendConfig> backends, Strategy strategy, LongSupplier nanoTime, int seed) {
        Timer never = (delay, task) -> {};
        return new Pool(name, backends, policy(strategy), never, nanoTime, new Random(seed), () -> Runnable::run);
    }

    /** Never ejects, and has no slow start. */
    static Policy policy(Strategy strategy) {
        return new Policy(strategy, NO_EJECTION, Duration.ZERO, Optional.empty());
    }

    public static List<BackendConfig> backends(String... hosts) {
        return Arrays.stream(hosts).map(host -> backend(host, 1)).toList();
    }

    static BackendConfig backend(String host, int weight) {
        return backend(host, weight, 0);
    }

    /** One that may have so many requests in flight; 0 for no bound. */
    static BackendConfig backend(String host, int weight, int inFlight) {
        return new BackendConfig(
                BackendUrl.of(URI.create("http://" + host + ":80")),
                weight,
                inFlight,
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** A GET from this client. */
    public static Plain of(int client) {
        ClientAddress address = new ClientAddress(0, 0xFFFF_C000_0200L + client);
        return new Plain() {
            @Override
            public ClientAddress client() {
                return address;
            }
        };
    }

    /** A GET from 192.0.2.1. */
    public static class Plain extends PickContext {

        private static final ClientAddress CLIENT = new ClientAddress(0, 0xFFFF_C000_0201L);

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return "/";
        }

        @Override
        public Optional<String> field(String name) {
            return Optional.empty();
        }

        @Override
        public ClientAddress client() {
            return CLIENT;
        }
    }
}
