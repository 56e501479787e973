// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

/** Who knows where names are. Threading: any virtual thread, and many at once; waits as long as it takes. */
@FunctionalInterface
interface Source {

    /** Looks up; what cannot be learned is missing in the answer. */
    Answer look(String name) throws InterruptedException;
}
