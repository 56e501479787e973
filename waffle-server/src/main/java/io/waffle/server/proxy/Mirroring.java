// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.Framing;
import io.waffle.server.loop.Loop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pools get copies of the requests of a route. Immutable.
 *
 * @param most bytes of a body that is copied
 */
record Mirroring(List<Mirror> mirrors, int most) {

    /** Begins the copies of this request, which get its body as it passes; null if there are none. Those without a body leave at once. */
    @Nullable
    Copies begin(Exchange x, Loop loop) {
        if (x.request.upgrade()) {
            return null; // a tunnel is nothing that could be copied
        }
        Framing framing = x.request.framing();
        long length = framing == Framing.NONE ? 0 : framing == Framing.LENGTH ? x.request.contentLength() : most;
        Copies copies = null;
        for (Mirror mirror : mirrors) {
            if (length > most) {
                mirror.tooLong();
                continue;
            }
            Mirror.Copy copy = mirror.copy(x, loop, (int) length);
            if (copy != null && !copy.isDropped()) {
                copies = copies == null ? new Copies(framing, (int) length) : copies;
                copies.add(copy);
            }
        }
        if (copies != null && framing == Framing.NONE) {
            copies.send();
        } else if (copies != null) {
            x.upload.copyTo(copies);
        }
        return copies;
    }
}
