// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Tells a backend which certificate a client has shown: {@code Client-Cert} and {@code Client-Cert-Chain} (RFC 9440 section 2). */
public final class ClientCertFields {

    /** As many bytes of fields as are put into a request at most. Certificates of clients take one to three thousand each. */
    public static final int MOST = 12 * 1024;

    /** Of a client that has shown nothing. */
    public static final byte[] NONE = {};

    private static final String CERTIFICATE = "Client-Cert: ";
    private static final String CHAIN = "Client-Cert-Chain: ";

    private ClientCertFields() {}

    /**
     * Field lines, each with its end; the chain is left out if it is too long, and all if the certificate is: as if the client had shown none.
     *
     * @param shown as DER, the client's own first
     */
    public static byte[] of(List<byte[]> shown) {
        if (shown.isEmpty()) {
            return NONE;
        }
        String own = CERTIFICATE + bytes(shown.getFirst()) + "\r\n";
        String chain = shown.size() == 1
                ? ""
                : CHAIN
                        + shown.stream().skip(1).map(ClientCertFields::bytes).collect(Collectors.joining(", "))
                        + "\r\n";
        if (own.length() > MOST) {
            return NONE;
        }
        String all = own.length() + chain.length() > MOST ? own : own + chain;
        return all.getBytes(StandardCharsets.US_ASCII);
    }

    /** A byte sequence of structured fields (RFC 8941 section 3.3.5). */
    private static String bytes(byte[] der) {
        return ":" + Base64.getEncoder().encodeToString(der) + ":";
    }
}
