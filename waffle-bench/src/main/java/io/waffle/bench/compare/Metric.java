// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.Locale;

/** What a turn can yield. Latencies are kept in microseconds, memory in MiB. */
enum Metric {
    REQUESTS("requests/s", "%,.0f", true),
    HANDSHAKES("handshakes/s", "%,.0f", true),
    CPU("CPU µs per request", "%,.2f", false),
    P50("p50 µs", "%,.0f", false),
    P99("p99 µs", "%,.0f", false),
    P999("p99.9 µs", "%,.0f", false),
    RSS("RSS MiB", "%,.1f", false),
    PEAK("peak RSS MiB", "%,.1f", false),
    REQUESTS_WITHOUT("requests/s without", "%,.0f", true),
    REQUESTS_KEPT("requests/s with / without", "%.2f", true),
    P99_WITHOUT("p99 µs without", "%,.0f", false),
    P99_GROWN("p99 with / without", "%.2f", false),
    PER_CONNECTION("KiB per idle connection", "%.1f", false),
    START("ms to the first response", "%,.0f", false),
    GROWTH("RSS growth MiB, second half", "%.1f", false),
    ALLOCATED("bytes allocated per request", "%,.0f", false);

    private final String label;
    private final String format;
    private final boolean moreIsBetter;

    Metric(String label, String format, boolean moreIsBetter) {
        this.label = label;
        this.format = format;
        this.moreIsBetter = moreIsBetter;
    }

    String label() {
        return label;
    }

    String show(double value) {
        return String.format(Locale.ROOT, format, value);
    }

    boolean isBetter(double value, double than) {
        return moreIsBetter ? value > than : value < than;
    }

    /** Whether a value keeps a bound: at least it where more is better, at most it elsewhere. */
    boolean keeps(double value, double bound) {
        return moreIsBetter ? value >= bound : value <= bound;
    }

    String sign() {
        return moreIsBetter ? ">=" : "<=";
    }
}
