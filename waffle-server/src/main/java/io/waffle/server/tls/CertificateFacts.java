// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What has to be known of a certificate before anybody asks for it (RFC 5280 section 4.1), found in its DER. An object of the JDK's for
 * each of ten thousand certificates would take a second and a hundred megabytes.
 *
 * @param names the host names it is for, in lower case without a final dot: those of the subject alternative names, never the common name (RFC 9525
 *     section 2); a wildcard begins with {@code *.}
 * @param keyAlgorithm as the JDK calls it: {@code RSA}, {@code EC}, {@code EdDSA}, {@code RSASSA-PSS}
 * @param from from when it is valid
 * @param to until when it is
 */
record CertificateFacts(List<String> names, String keyAlgorithm, Instant from, Instant to) {

    private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
    private static final int DNS_NAME = 0x82;

    /** RFC 5280 section 4.1.2.5.1: a year of two digits is one of 1950 to 2049. */
    private static final int PIVOT = 50;

    /** Both the facts, and its subjectPublicKeyInfo, which a private key is compared with and nobody keeps. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, and compared by nobody
    record Read(CertificateFacts facts, byte[] publicKeyInfo) {}

    /**
     * Reads a certificate.
     *
     * @throws IllegalArgumentException if it is none, or its key is of an unknown kind
     */
    static Read read(byte[] der) {
        try {
            ByteBuffer body = Der.enter(Der.enter(ByteBuffer.wrap(der), Der.SEQUENCE), Der.SEQUENCE);
            Der.skip(body, Der.at(body, Der.CONTEXT_0) ? 4 : 3); // version, serial number, algorithm, issuer
            ByteBuffer validity = Der.enter(body, Der.SEQUENCE);
            Instant from = time(validity);
            Instant to = time(validity);
            Der.skip(body, 1); // the subject
            byte[] publicKeyInfo = Der.next(body);
            ByteBuffer algorithm = Der.enter(Der.enter(ByteBuffer.wrap(publicKeyInfo), Der.SEQUENCE), Der.SEQUENCE);
            CertificateFacts facts =
                    new CertificateFacts(alternativeNames(body), KeyAlgorithm.name(algorithm), from, to);
            return new Read(facts, publicKeyInfo);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a date that is none", e);
        }
    }

    /** Digits for everything, to the second and in UTC (RFC 5280 section 4.1.2.5). By hand: a formatter takes half as long as all else here. */
    private static Instant time(ByteBuffer validity) {
        boolean twoDigits = Der.at(validity, Der.UTC_TIME);
        ByteBuffer text = Der.enter(validity, twoDigits ? Der.UTC_TIME : Der.GENERALIZED_TIME);
        int year = twoDigits ? number(text, 2) : number(text, 4);
        int century = twoDigits ? (year < PIVOT ? 2000 : 1900) : 0;
        LocalDateTime time = LocalDateTime.of(
                century + year, number(text, 2), number(text, 2), number(text, 2), number(text, 2), number(text, 2));
        if (text.remaining() != 1 || text.get() != 'Z') {
            throw new IllegalArgumentException("a date that does not end in Z");
        }
        return time.toInstant(ZoneOffset.UTC);
    }

    private static int number(ByteBuffer text, int digits) {
        int number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.hasRemaining() ? text.get() - '0' : -1;
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("a date that is none");
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static List<String> alternativeNames(ByteBuffer body) {
        List<String> names = new ArrayList<>();
        while (body.hasRemaining() && !Der.at(body, Der.CONTEXT_3)) {
            Der.skip(body, 1); // unique identifiers, which nobody has used
        }
        if (!body.hasRemaining()) {
            return names;
        }
        ByteBuffer extensions = Der.enter(Der.enter(body, Der.CONTEXT_3), Der.SEQUENCE);
        while (extensions.hasRemaining()) {
            ByteBuffer extension = Der.enter(extensions, Der.SEQUENCE);
            if (extension
                            .slice()
                            .limit(Math.min(ALTERNATIVE_NAMES.length, extension.remaining()))
                            .mismatch(ByteBuffer.wrap(ALTERNATIVE_NAMES))
                    < 0) {
                Der.skip(extension, 1);
                addNames(extension, names);
            }
        }
        return List.copyOf(names);
    }

    private static void addNames(ByteBuffer extension, List<String> names) {
        if (Der.at(extension, Der.BOOLEAN)) {
            Der.skip(extension, 1); // critical or not
        }
        ByteBuffer all = Der.enter(Der.enter(extension, Der.OCTET_STRING), Der.SEQUENCE);
        while (all.hasRemaining()) {
            if (Der.at(all, DNS_NAME)) {
                String name = ServerNames.canonical(
                        US_ASCII.decode(Der.enter(all, DNS_NAME)).toString());
                if (ServerNames.isUsable(name)) {
                    names.add(name);
                }
            } else {
                Der.skip(all, 1);
            }
        }
    }
}
