// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The name this process goes by in {@code Via} (RFC 9110 section 7.6.3). It is its own, so that a request that comes back is known, while one that
 * comes from another instance passes.
 */
final class Via {

    private static final String NAME =
            "waffle-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    /** Behind the version, to the end of the line. */
    static final byte[] LINE_END = Out.ascii(" " + NAME + "\r\n");

    private static final byte[] OWN = Out.ascii(NAME);

    private Via() {}

    /** Whether the message has passed here before. */
    static boolean hasBeenHere(Head head) {
        for (int i = Math.max(0, head.indexOf(KnownField.VIA)); i < head.fieldCount(); i++) {
            if (head.known(i) == KnownField.VIA && contains(head.buf(), head.valueStart(i), head.valueEnd(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(ByteBuffer buf, int from, int to) {
        for (int at = from; at <= to - OWN.length; at++) {
            int matched = 0;
            while (matched < OWN.length && buf.get(at + matched) == OWN[matched]) {
                matched++;
            }
            if (matched == OWN.length) {
                return true;
            }
        }
        return false;
    }
}
