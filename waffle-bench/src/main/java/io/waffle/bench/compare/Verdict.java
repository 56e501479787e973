// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import io.waffle.bench.compare.Statistics.Ratio;
import java.util.Locale;
import java.util.Optional;

/** How one proxy kept one bound, and against whom. */
record Verdict(String proxy, Bound bound, Optional<String> peer, Ratio value) {

    enum State {
        MISSED("MISSED"),
        MET("met"),
        REACHED("aim reached");

        private final String label;

        State(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** Empty where the peer of the bound did not run or has no such figure. */
    static Optional<Verdict> of(String proxy, Bound bound, RowResult row) {
        Metric metric = bound.metric();
        if (bound.against() == Bound.Against.NOBODY) {
            return finite(new Verdict(proxy, bound, Optional.empty(), Statistics.spread(row.of(proxy), metric)));
        }
        return bound.against().proxies().stream()
                .filter(peer -> Double.isFinite(row.median(peer, metric)))
                .reduce((a, b) -> metric.isBetter(row.median(b, metric), row.median(a, metric)) ? b : a)
                .map(peer -> new Verdict(proxy, bound, Optional.of(peer), row.ratio(proxy, peer, metric)))
                .flatMap(Verdict::finite);
    }

    State state() {
        if (!bound.metric().keeps(value.median(), bound.must())) {
            return State.MISSED;
        }
        return bound.metric().keeps(value.median(), bound.aim()) ? State.REACHED : State.MET;
    }

    /** Say, "CPU µs per request vs nginx". */
    String what() {
        return bound.metric().label() + peer.map(name -> " vs " + name).orElse("");
    }

    String shown() {
        return show(value.median()) + " (" + show(value.lowest()) + " to " + show(value.highest()) + ")";
    }

    String must() {
        return bound.metric().sign() + " " + show(bound.must());
    }

    String aim() {
        return bound.metric().sign() + " " + show(bound.aim());
    }

    private String show(double number) {
        return peer.isPresent()
                ? String.format(Locale.ROOT, "%.2f", number)
                : bound.metric().show(number);
    }

    private static Optional<Verdict> finite(Verdict verdict) {
        return Optional.of(verdict).filter(v -> Double.isFinite(v.value().median()));
    }
}
