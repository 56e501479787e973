// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

/** Which backends a pick is among, when health leaves no other choice. */
enum Leniency {
    /** Those that health has nothing against. */
    NONE,
    /** Those that active checks have nothing against: an ejected one may do, one that is down will not. */
    EJECTED,
    /** All that are meant to get requests. */
    ALL;

    boolean allows(PooledBackend backend) {
        return switch (this) {
            case NONE -> backend.isAvailable();
            case EJECTED -> backend.isUp() && backend.takesRequests();
            case ALL -> backend.takesRequests();
        };
    }
}
