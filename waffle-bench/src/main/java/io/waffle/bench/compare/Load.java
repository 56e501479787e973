// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;

/** What is done to a contender in one turn of a row, and what is measured meanwhile. */
interface Load {

    Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException;

    /** Turns that do not count: compilers and caches. */
    default void warmUp(Contender contender, Lab lab) throws IOException, InterruptedException {
        measure(contender, lab);
        if (contender.peer().isJava()) {
            measure(contender, lab);
        }
    }

    /** How many turns there are where the command line asks for so many. */
    default int turns(int asked) {
        return asked;
    }
}
