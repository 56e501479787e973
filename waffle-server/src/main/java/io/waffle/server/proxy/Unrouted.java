// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.RequestHead;
import io.waffle.server.plugin.FaultLog;
import java.nio.charset.StandardCharsets;

/**
 * Tells the operator of requests that no route takes, which may be a route that was forgotten: where they came in, and what they asked for, at a line now and
 * then.
 *
 * <p>Threading: any thread.
 */
final class Unrouted {

    /** Of a host or a path as much is shown; who sends more is no client that an operator looks for. */
    private static final int LONGEST = 200;

    private final FaultLog log = new FaultLog("", System::nanoTime);

    /** Of an exchange that is over and came in by this listener; of others nothing is told. */
    void tell(String listener, Exchange x, Fault fault) {
        if (fault == Fault.NO_ROUTE || fault == Fault.AMBIGUOUS_PATH) {
            RequestHead head = x.request;
            log.inform(() -> (fault == Fault.NO_ROUTE ? "no route" : "ambiguous path")
                    + ": listener=" + listener
                    + " host=" + (head.hostStart() < 0 ? "" : shown(head, head.hostStart(), head.hostEnd()))
                    + " path=" + shown(head, head.pathStart(), head.queryStart()));
        }
    }

    private static String shown(RequestHead head, int from, int to) {
        byte[] bytes = new byte[Math.min(to - from, LONGEST)];
        head.copy(from, from + bytes.length, bytes, 0);
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append(new String(Escapes.text()[b & 0xFF], StandardCharsets.US_ASCII));
        }
        return to - from > LONGEST ? text.append("...").toString() : text.toString();
    }
}
