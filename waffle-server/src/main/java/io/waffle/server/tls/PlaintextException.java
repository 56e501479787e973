// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.io.Serial;
import javax.net.ssl.SSLHandshakeException;

/** What came where a TLS handshake was expected begins like an HTTP request: somebody asks a TLS port by {@code http}. */
public final class PlaintextException extends SSLHandshakeException {

    @Serial
    private static final long serialVersionUID = 1;

    PlaintextException() {
        super("HTTP without TLS");
    }

    /** A method begins with a letter, and no kind of TLS record is one (RFC 8446 section 5.1). */
    static void check(byte first) throws PlaintextException {
        int lower = first | 0x20;
        if (lower >= 'a' && lower <= 'z') {
            throw new PlaintextException();
        }
    }
}
