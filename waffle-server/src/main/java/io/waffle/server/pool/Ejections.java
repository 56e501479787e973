// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.server.config.EjectionConfig;
import java.util.List;

/**
 * Which backends are left out, how many of them at once, and for how long: the first time for a while, and twice as long each time their
 * probation fails. The rules, that is: what they go by is with each backend, and stays when they are others.
 *
 * <p>Threading: any thread, but {@link #allows} under the lock of the pool.
 */
final class Ejections implements EjectionTimes {

    private static final int MOST_DOUBLINGS = 20;

    private final EjectionConfig config;

    Ejections(EjectionConfig config) {
        this.config = config;
    }

    EjectionConfig config() {
        return config;
    }

    /** Whether this one of them may be left out, too: the last one in service never is. No stream: the first ejection of a process has no time to link one. */
    boolean allows(PooledBackend next, List<PooledBackend> members) {
        int leftOut = 0;
        boolean others = false;
        for (PooledBackend backend : members) {
            leftOut += backend.standing().isLeftOut() ? 1 : 0;
            others |= backend != next && backend.isInService();
        }
        return others && leftOut < Math.ceilDiv(members.size() * config.maxPercent(), 100);
    }

    /** Whether what its application fails at is more than the others' do, and not one client's affair. */
    boolean standsOut(PooledBackend one, List<PooledBackend> members) {
        double others = 0;
        int count = 0;
        for (PooledBackend backend : members) {
            if (backend != one && backend.isInService()) {
                others += backend.record().share(config);
                count++;
            }
        }
        return 2 * others <= count * one.record().share(config) && one.record().isHeardOfMany(members);
    }

    @Override
    public long after(int failures) {
        long time = config.time().toNanos();
        long most = config.maxTime().toNanos();
        for (int i = 0; i < Math.min(failures, MOST_DOUBLINGS) && time < most; i++) {
            time *= 2;
        }
        return Math.min(time, most);
    }
}
