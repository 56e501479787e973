// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;

/** What is done to a contender in one turn of a row, and what is measured meanwhile. */
interface Load {

    Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException;

    /** How long a JVM is loaded before it counts, whatever the length of a turn: its compiler works beside the load. */
    int JAVA_WARM_UP_SECONDS = 10;

    /** Turns that do not count: caches, and compilers. */
    default void warmUp(Contender contender, Lab lab) throws IOException, InterruptedException {
        int turns = contender.peer().isJava() ? Math.ceilDiv(JAVA_WARM_UP_SECONDS, lab.seconds()) : 1;
        for (int i = 0; i < turns; i++) {
            measure(contender, lab);
        }
    }

    /** How many turns there are where the command line asks for so many. */
    default int turns(int asked) {
        return asked;
    }
}
