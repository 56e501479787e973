// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

/** How long a backend is left out. */
@FunctionalInterface
interface EjectionTimes {

    /** In nanoseconds, after so many probations in a row have failed. */
    long after(int failures);
}
