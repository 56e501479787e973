// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Backend;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What gives way to other threads now and then, in the midst of a pick: so threads meet in places where they would by chance in months. A strategy that
 * is thread-safe notices nothing.
 */
final class Yielding {

    /** One call in so many gives way. */
    private static final int RARELY = 8;

    private Yielding() {}

    /** The same list, which gives way when it is asked. */
    static List<Backend> list(List<? extends Backend> members) {
        return new Members(List.copyOf(members));
    }

    /** A request that gives way whenever it is asked what is eligible: all are, but for one that is down. */
    static FakeRequest request(Backend down) {
        return new FakeRequest().eligible(backend -> {
            sometimes();
            return backend != down;
        });
    }

    @SuppressWarnings("ThreadPriorityCheck") // that it is up to the scheduler who comes next is the point
    private static void sometimes() {
        if (ThreadLocalRandom.current().nextInt(RARELY) == 0) {
            Thread.yield();
        }
    }

    private static final class Members extends AbstractList<Backend> implements RandomAccess {

        private final List<Backend> members;

        Members(List<Backend> members) {
            this.members = members;
        }

        @Override
        public Backend get(int index) {
            sometimes();
            return members.get(index);
        }

        @Override
        public int size() {
            sometimes();
            return members.size();
        }
    }
}
