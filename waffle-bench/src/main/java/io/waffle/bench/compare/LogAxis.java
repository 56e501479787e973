// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.ArrayList;
import java.util.List;

/** A logarithmic axis over whole steps of 1, 2 and 5 that holds all values, from one end in the picture to the other. */
record LogAxis(double low, double high, double from, double to) {

    private static final double[] STEPS = {1, 2, 5};

    static LogAxis over(double smallest, double largest, double from, double to) {
        double low = stepBelow(smallest);
        double high = stepBelow(largest);
        while (high < largest || high <= low) {
            high = stepAbove(high);
        }
        return new LogAxis(low, high, from, to);
    }

    double place(double value) {
        double share = Math.log(value / low) / Math.log(high / low);
        return from + share * (to - from);
    }

    /** The ends and the steps between them. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (double tick = low; tick <= high * 1.0001; tick = stepAbove(tick)) {
            ticks.add(tick);
        }
        return ticks;
    }

    private static double stepBelow(double value) {
        double decade = Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
        double best = decade;
        for (double step : STEPS) {
            if (step * decade <= value * (1 + 1e-9)) {
                best = step * decade;
            }
        }
        return best;
    }

    private static double stepAbove(double step) {
        double decade = Math.pow(10, Math.floor(Math.log10(step) + 1e-9));
        return switch ((int) Math.round(step / decade)) {
            case 1 -> 2 * decade;
            case 2 -> 5 * decade;
            default -> 10 * decade;
        };
    }
}
