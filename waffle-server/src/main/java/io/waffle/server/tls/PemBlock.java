// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.file.Path;
import java.util.Base64;

/**
 * What stands between one pair of BEGIN and END lines. The base64 is decoded only when asked for: garbage in a block nobody needs is
 * nobody's problem.
 *
 * @param line where its BEGIN line is, from 1
 * @param label the words after BEGIN, such as {@code EC PRIVATE KEY}
 * @param encrypted true for a block that needs a password: by its label, or by the headers of the old OpenSSL form
 */
record PemBlock(Path file, int line, String label, boolean encrypted, String base64) {

    byte[] der() throws TlsConfigException {
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            if (der.length > 0) {
                return der;
            }
        } catch (IllegalArgumentException e) {
            throw new TlsConfigException(file, describe() + " is not valid base64", "an undamaged PEM block", e);
        }
        throw new TlsConfigException(file, describe() + " is empty", "an undamaged PEM block");
    }

    /** How a message names this block. */
    String describe() {
        return "the " + label + " block at line " + line;
    }
}
