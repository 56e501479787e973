// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Latencies, kept to three digits; all memory is taken at the start. Not thread-safe. */
final class Latencies {

    private static final long SMALLEST = 100;
    private static final long LARGEST = TimeUnit.MINUTES.toNanos(10);
    private static final double NANOS_PER_MICRO = 1_000;

    private final Histogram histogram = new Histogram(SMALLEST, LARGEST, 3);

    void record(long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LARGEST));
    }

    long count() {
        return histogram.getTotalCount();
    }

    void add(Latencies other) {
        histogram.add(other.histogram);
    }

    /** The latency that so many per cent do not exceed; 0 if there is none at all. */
    double micros(double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    double maxMicros() {
        return histogram.getMaxValue() / NANOS_PER_MICRO;
    }

    /** Pairs of percentile and microseconds, ever closer towards 100. */
    String curve() {
        StringJoiner pairs = new StringJoiner(",", "[", "]");
        for (HistogramIterationValue step : histogram.percentiles(5)) {
            pairs.add(String.format(
                    Locale.ROOT,
                    "[%.6f,%.1f]",
                    step.getPercentileLevelIteratedTo(),
                    step.getValueIteratedTo() / NANOS_PER_MICRO));
        }
        return pairs.toString();
    }
}
