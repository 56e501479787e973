// SPDX-License-Identifier: Apache-2.0
package com.example.random.choices;

import io.waffle.api.Backend;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The power of two choices: nearly as even as to look at all backends, at the cost of looking at two (Mitzenmacher, "The power of two choices
 * in randomized load balancing", IEEE TPDS 12, 2001). With one choice it would be plain random; more than a few gain little.
 */
final class RandomChoicesPicker implements Picker {

    private final List<Backend> backends;
    private final int choices;
    private final RandomGenerator random;

    RandomChoicesPicker(List<Backend> backends, int choices, RandomGenerator random) {
        this.backends = backends;
        this.choices = choices;
        this.random = random;
    }

    @Override
    public Backend pick(PickRequest request) {
        Backend best = eligible(request);
        for (int i = 1; i < choices; i++) {
            Backend other = eligible(request);
            if ((long) other.inFlight() * best.weight() < (long) best.inFlight() * other.weight()) {
                best = other;
            }
        }
        return best;
    }

    /** A random one; if it is not eligible, another; in the end the first one that is. */
    private Backend eligible(PickRequest request) {
        for (int i = 0; i < backends.size(); i++) {
            Backend backend = backends.get(random.nextInt(backends.size()));
            if (request.isEligible(backend)) {
                return backend;
            }
        }
        for (int i = 0; i < backends.size(); i++) {
            if (request.isEligible(backends.get(i))) {
                return backends.get(i);
            }
        }
        return backends.get(0);
    }
}
