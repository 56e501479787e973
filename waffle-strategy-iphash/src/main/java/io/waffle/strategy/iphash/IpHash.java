// SPDX-License-Identifier: Apache-2.0
package io.waffle.strategy.iphash;

import io.waffle.api.Backend;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the pickers. What they answer depends on nothing but addresses and members; the last one is kept only for the work it has done. */
final class IpHash implements Strategy {

    private final Prefixes prefixes;

    /** Calls to {@link #picker} are serial: no lock. */
    private @Nullable IpHashPicker last;

    IpHash(Prefixes prefixes) {
        this.prefixes = prefixes;
    }

    /** A change of health alone, the most frequent, changes no winner: the same picker will do. */
    @Override
    public Picker picker(List<Backend> backends) {
        Contest contest = new Contest(backends);
        IpHashPicker next =
                last == null || !last.contest().isSameAs(contest) ? new IpHashPicker(prefixes, contest) : last;
        last = next;
        return next;
    }
}
