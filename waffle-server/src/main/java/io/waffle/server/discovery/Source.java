// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Who knows where names are. Threading: any thread, and many at once, those of loops too; waits for nothing. */
@FunctionalInterface
interface Source {

    /** What is learned, when it is; what cannot be learned is missing in it. It never fails, and takes as long as it takes. */
    CompletableFuture<Answer> look(String name);

    /**
     * As {@link #look(String)}, by somebody who has addresses of one kind in use: the other may be missing, unless it is learned that there is
     * none of that one any more.
     */
    default CompletableFuture<Answer> look(String name, Optional<DnsMessage.Type> inUse) {
        return look(name);
    }
}
