// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Kinds of keys, as an AlgorithmIdentifier names them (RFC 5280 section 4.1.1.2), and which public key belongs to a private one. */
final class KeyAlgorithm {

    private KeyAlgorithm() {}

    /**
     * The JDK's name.
     *
     * @param identifier the contents of the AlgorithmIdentifier
     * @throws IllegalArgumentException for one it cannot compute with
     */
    static String name(ByteBuffer identifier) {
        String id = Der.objectId(Der.enter(identifier, Der.OBJECT_ID));
        return switch (id) {
            case "1.2.840.113549.1.1.1" -> "RSA";
            case "1.2.840.113549.1.1.10" -> "RSASSA-PSS";
            case "1.2.840.10045.2.1" -> ellipticCurve(Der.objectId(Der.enter(identifier, Der.OBJECT_ID)));
            case "1.3.101.112", "1.3.101.113" -> "EdDSA";
            default -> throw new IllegalArgumentException("unknown key algorithm " + id);
        };
    }

    /** The JDK can decode keys on more curves than it can compute on. */
    private static String ellipticCurve(String id) {
        return switch (id) {
            case "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35" -> "EC";
            default -> throw new IllegalArgumentException("unknown curve " + id);
        };
    }

    /**
     * Whether a private key belongs to a public one, as far as that is written in it; nothing if it is not, and has to be tried.
     *
     * @param pkcs8 a PrivateKeyInfo (RFC 5958)
     * @param publicKeyInfo a SubjectPublicKeyInfo
     */
    static Optional<Boolean> fits(byte[] pkcs8, byte[] publicKeyInfo) {
        ByteBuffer info = Der.enter(ByteBuffer.wrap(pkcs8), Der.SEQUENCE);
        Der.skip(info, 1);
        String mine = name(Der.enter(info, Der.SEQUENCE));
        ByteBuffer other = Der.enter(ByteBuffer.wrap(publicKeyInfo), Der.SEQUENCE);
        String its = name(Der.enter(other, Der.SEQUENCE));
        if (!mine.equals(its)) {
            return Optional.of(false);
        }
        ByteBuffer privateKey = Der.enter(info, Der.OCTET_STRING);
        byte[] publicBits = Der.rest(Der.enter(other, Der.BIT_STRING));
        return switch (mine) {
            case "RSA", "RSASSA-PSS" -> Optional.of(Arrays.equals(modulus(privateKey), publicModulus(publicBits)));
            case "EC" -> publicPoint(privateKey).map(point -> Arrays.equals(point, publicBits));
            default -> Optional.empty();
        };
    }

    /** {@code RSAPrivateKey ::= SEQUENCE { version, modulus, ... }} (RFC 8017 appendix A.1.2). */
    private static byte[] modulus(ByteBuffer privateKey) {
        ByteBuffer parts = Der.enter(privateKey, Der.SEQUENCE);
        Der.skip(parts, 1);
        return Der.next(parts);
    }

    /** {@code RSAPublicKey ::= SEQUENCE { modulus, publicExponent }}, behind the number of unused bits. */
    private static byte[] publicModulus(byte[] bits) {
        return Der.next(Der.enter(ByteBuffer.wrap(bits, 1, bits.length - 1).slice(), Der.SEQUENCE));
    }

    /** {@code ECPrivateKey ::= SEQUENCE { version, privateKey, [0] curve OPTIONAL, [1] publicKey OPTIONAL }} (RFC 5915 section 3). */
    private static Optional<byte[]> publicPoint(ByteBuffer privateKey) {
        ByteBuffer parts = Der.enter(privateKey, Der.SEQUENCE);
        Der.skip(parts, 2);
        while (parts.hasRemaining() && !Der.at(parts, Der.CONTEXT_1)) {
            Der.skip(parts, 1);
        }
        return parts.hasRemaining()
                ? Optional.of(Der.rest(Der.enter(Der.enter(parts, Der.CONTEXT_1), Der.BIT_STRING)))
                : Optional.empty();
    }
}
