// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static io.waffle.bench.compare.Bound.best;
import static io.waffle.bench.compare.Bound.nginx;
import static io.waffle.bench.compare.Metric.CPU;
import static io.waffle.bench.compare.Metric.P50;
import static io.waffle.bench.compare.Metric.P99;
import static io.waffle.bench.compare.Metric.REQUESTS;

import io.waffle.bench.compare.Workload.Field;
import java.util.ArrayList;
import java.util.List;

/** All rows, in the order they are run and shown. */
final class Workloads {

    private Workloads() {}

    static List<Workload> all() {
        List<Workload> rows = new ArrayList<>();
        rows.addAll(plain());
        rows.addAll(tls());
        return rows;
    }

    private static List<Workload> plain() {
        return List.of(
                plain(
                        "small-64",
                        "100-byte replies, 64 keep-alive connections",
                        get("/small", 64),
                        best(CPU, 1.00, 0.85),
                        best(REQUESTS, 1.00, 1.15),
                        best(P99, 1.3, 1.0)),
                plain(
                        "small-512",
                        "100-byte replies, 512 keep-alive connections",
                        get("/small", 512),
                        best(CPU, 1.00, 0.80)),
                plain("small-1", "100-byte replies, one connection", get("/small", 1), best(P50, 1.0, 0.85)),
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
                        nginx(CPU, 1.3, 1.0)));
    }

    private static List<Workload> tls() {
        return List.of(
                tls(
                        "tls-small-64",
                        "TLS 1.3, 100-byte replies, 64 keep-alive connections",
                        WrkLoad.get(Scenario.TLS, "/small", 64),
                        best(CPU, 1.05, 0.85),
                        best(P99, 1.5, 1.0)),
                tls(
                        "tls-64k-16",
                        "TLS 1.3, 64 KiB replies, 16 connections",
                        WrkLoad.get(Scenario.TLS, "/64k", 16),
                        best(CPU, 0.85, 0.65)));
    }

    private static WrkLoad get(String path, int connections) {
        return WrkLoad.get(Scenario.PLAIN, path, connections);
    }

    private static Workload plain(String id, String title, Load load, Bound... bounds) {
        List<Bound> all = new ArrayList<>(List.of(bounds));
        all.addAll(Bound.otherPeers());
        return new Workload(id, title, load, Field.PLAIN, List.copyOf(all));
    }

    private static Workload tls(String id, String title, Load load, Bound... bounds) {
        return new Workload(id, title, load, Field.TLS, List.of(bounds));
    }
}
