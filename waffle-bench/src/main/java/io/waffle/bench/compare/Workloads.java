// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static io.waffle.bench.compare.Bound.best;
import static io.waffle.bench.compare.Bound.itself;
import static io.waffle.bench.compare.Bound.nginx;
import static io.waffle.bench.compare.Metric.ALLOCATED;
import static io.waffle.bench.compare.Metric.CPU;
import static io.waffle.bench.compare.Metric.GROWTH;
import static io.waffle.bench.compare.Metric.P50;
import static io.waffle.bench.compare.Metric.P99;
import static io.waffle.bench.compare.Metric.P999;
import static io.waffle.bench.compare.Metric.P99_GROWN;
import static io.waffle.bench.compare.Metric.PER_CONNECTION;
import static io.waffle.bench.compare.Metric.REQUESTS;
import static io.waffle.bench.compare.Metric.REQUESTS_KEPT;
import static io.waffle.bench.compare.Metric.RSS;
import static io.waffle.bench.compare.Metric.START;

import io.waffle.bench.compare.Workload.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** All rows, in the order they are run and shown. */
final class Workloads {

    private static final WrkLoad SMALL_64 = WrkLoad.get(Scenario.PLAIN, "/small", 64);

    private Workloads() {}

    static List<Workload> all() {
        return Stream.of(plain(), tls(), crowds(), fairness(), memory())
                .flatMap(List::stream)
                .toList();
    }

    static Optional<Workload> find(String id) {
        return all().stream().filter(row -> row.id().equals(id)).findFirst();
    }

    private static List<Workload> plain() {
        return List.of(
                plain(
                        "small-64",
                        "100-byte replies, 64 keep-alive connections",
                        SMALL_64,
                        best(CPU, 1.00, 0.85),
                        best(REQUESTS, 1.00, 1.15),
                        best(P99, 1.3, 1.0)),
                plain(
                        "small-512",
                        "100-byte replies, 512 keep-alive connections",
                        get("/small", 512),
                        best(CPU, 1.00, 0.80)),
                plain("small-1", "100-byte replies, one connection", get("/small", 1), best(P50, 1.0, 0.85)),
                new Workload(
                        "open-5000",
                        "5,000 requests/s, open loop, 64 connections, 100-byte replies",
                        new OpenLoopLoad(Scenario.PLAIN, "/small", 5000, 64),
                        Field.PLAIN,
                        List.of(best(P99, 1.2, 0.9), best(P999, 1.2, 0.9))),
                plain("64k-16", "64 KiB replies, 16 connections", get("/64k", 16), best(CPU, 0.95, 0.75)),
                plain("1m-8", "1 MiB replies, 8 connections", get("/1m", 8), best(CPU, 0.80, 0.55)),
                plain(
                        "upload-1m-8",
                        "1 MiB uploads, 8 connections",
                        new WrkLoad(Scenario.PLAIN, "/upload", 8, Wrk.Style.POST_1M),
                        best(CPU, 0.95, 0.7)),
                plain(
                        "churn-32",
                        "a new client connection per request, 32 at once",
                        new WrkLoad(Scenario.PLAIN, "/small", 32, Wrk.Style.CLOSE),
                        nginx(CPU, 1.3, 1.0)),
                new Workload(
                        "bookkeeping",
                        "as small-64, with checks each second, ejection and retries, beside Waffle without them",
                        WrkLoad.get(Scenario.CHECKED, "/small", 64),
                        Field.WAFFLE_AND_BARE,
                        List.of(new Bound(CPU, Bound.Against.BARE, 1.03, 1.0))),
                new Workload(
                        "floor",
                        "as small-64, beside a program that only copies bytes",
                        SMALL_64,
                        Field.WITH_FLOOR,
                        List.of()));
    }

    private static List<Workload> tls() {
        return List.of(
                configured(
                        "tls-small-64",
                        "TLS 1.3, 100-byte replies, 64 keep-alive connections",
                        WrkLoad.get(Scenario.TLS, "/small", 64),
                        best(CPU, 1.05, 0.85),
                        best(P99, 1.5, 1.0)),
                configured(
                        "tls-64k-16",
                        "TLS 1.3, 64 KiB replies, 16 connections",
                        WrkLoad.get(Scenario.TLS, "/64k", 16),
                        best(CPU, 0.85, 0.65)),
                configured(
                        "tls-handshake",
                        "TLS 1.3, a full handshake (P-256) per request, 32 at once; CPU per handshake",
                        new Handshakes(32),
                        nginx(CPU, 2.5, 1.2)),
                configured(
                        "tls-churn-beside",
                        "300 new TLS clients a second beside 32 that send 2,000 requests/s",
                        new BesideHandshakes(new OpenLoopLoad(Scenario.TLS, "/small", 2000, 32), 300),
                        itself(P99_GROWN, 2.0, 1.2)));
    }

    private static List<Workload> crowds() {
        List<Workload> rows = new ArrayList<>();
        rows.add(configured(
                "idle-10000",
                "10,000 idle keep-alive clients, and small-64 beside them",
                new IdleClientsLoad(10_000, SMALL_64),
                itself(PER_CONNECTION, 32, 16),
                itself(REQUESTS_KEPT, 0.9, 0.98)));
        for (String strategy : List.of("round-robin", "ip-hash", "least-connections")) {
            rows.add(configured(
                    "backends-1000-" + strategy,
                    "1,000 backends instead of 3, " + strategy + ", small-64",
                    new ManyBackends(1000, strategy, 64),
                    itself(REQUESTS_KEPT, 0.9, 0.98)));
        }
        return rows;
    }

    private static List<Workload> fairness() {
        List<Workload> rows = new ArrayList<>();
        for (BesideHogs.Kind kind : BesideHogs.Kind.values()) {
            boolean tls = kind == BesideHogs.Kind.BYTES;
            String name = kind.name().toLowerCase(Locale.ROOT);
            OpenLoopLoad small = new OpenLoopLoad(tls ? Scenario.TLS : Scenario.PLAIN, "/small", 500, 16);
            rows.add(configured(
                    "beside-" + name,
                    "16 clients that send 500 requests/s beside 4 unlimited ones: " + name
                            + (tls ? ", a TLS record each" : "") + "; without is beside 4 of another proxy",
                    new BesideHogs(small, kind, 4),
                    itself(P99_GROWN, 3.0, 1.5)));
        }
        return rows;
    }

    private static List<Workload> memory() {
        return List.of(
                configured(
                        "start",
                        "from exec to the first proxied response",
                        new StartLoad(Duration.ZERO),
                        itself(START, 300, 150)),
                configured(
                        "idle-rss",
                        "memory three seconds after the start",
                        new StartLoad(Duration.ofSeconds(3)),
                        itself(RSS, 90, 50)),
                new Workload(
                        "allocation",
                        "heap allocation in steady state, small-64",
                        new AllocationLoad(SMALL_64),
                        Field.WAFFLE_ONLY,
                        List.of(itself(ALLOCATED, 256, 0))),
                new Workload(
                        "soak",
                        "10 million requests, small-64; growth below 1 MiB is none",
                        new SoakLoad(10_000_000, 64),
                        Field.CONFIGURED,
                        List.of(itself(RSS, 160, 96), itself(GROWTH, 1, 1)),
                        true));
    }

    private static WrkLoad get(String path, int connections) {
        return WrkLoad.get(Scenario.PLAIN, path, connections);
    }

    private static Workload plain(String id, String title, Load load, Bound... bounds) {
        List<Bound> all = new ArrayList<>(List.of(bounds));
        all.addAll(Bound.otherPeers());
        return new Workload(id, title, load, Field.PLAIN, List.copyOf(all));
    }

    private static Workload configured(String id, String title, Load load, Bound... bounds) {
        return new Workload(id, title, load, Field.CONFIGURED, List.of(bounds));
    }
}
