// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads a private key in any of the three forms people have: PKCS#8 (RFC 5958), PKCS#1 for RSA (RFC 8017) and SEC1 for elliptic curves
 * (RFC 5915). The JDK reads PKCS#8 only (its PEM decoder is still a preview in 25), so the other two are put into that envelope.
 */
final class PrivateKeyPem {

    static final String EXPECTED = "a PEM file with a PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY block";

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final List<String> LABELS = List.of(PKCS8, PKCS1, SEC1, "ENCRYPTED PRIVATE KEY");

    private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};
    /** rsaEncryption, 1.2.840.113549.1.1.1, with the NULL that RFC 8017 demands as its parameters. */
    private static final byte[] RSA_ALGORITHM =
            Der.wrap(Der.SEQUENCE, HexFormat.of().parseHex("06092a864886f70d0101010500"));
    /** id-ecPublicKey, 1.2.840.10045.2.1; its parameters are the curve. */
    private static final byte[] EC_OBJECT_ID = HexFormat.of().parseHex("06072a8648ce3d0201");

    private PrivateKeyPem() {}

    /** The first private key of {@code file}. */
    static PrivateKey read(PemFile file) throws TlsConfigException {
        PemBlock block = block(file);
        byte[] pkcs8 = pkcs8(block);
        try {
            return KeyFactory.getInstance(algorithm(pkcs8)).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(block, e);
        }
    }

    /** The same as PKCS#8, looked at no further than that it is of a kind that can be used. Whoever asks wipes it. */
    static byte[] encoded(PemFile file) throws TlsConfigException {
        PemBlock block = block(file);
        byte[] pkcs8 = pkcs8(block);
        try {
            algorithm(pkcs8);
            return pkcs8;
        } catch (IllegalArgumentException e) {
            throw unusable(block, e);
        }
    }

    /** Whether there is one, whatever it is worth. */
    static boolean isIn(PemFile file) {
        return file.blocks().stream().anyMatch(block -> LABELS.contains(block.label()));
    }

    private static PemBlock block(PemFile file) throws TlsConfigException {
        for (PemBlock block : file.blocks()) {
            if (LABELS.contains(block.label())) {
                if (block.encrypted()) {
                    throw new TlsConfigException(
                            file.path(),
                            block.describe() + " is encrypted, which is not supported",
                            "a key without a password");
                }
                return block;
            }
        }
        throw new TlsConfigException(file.path(), "no private key: " + file.contents(), EXPECTED);
    }

    private static byte[] pkcs8(PemBlock block) throws TlsConfigException {
        byte[] der = block.der();
        try {
            return switch (block.label()) {
                case PKCS1 -> Der.wrap(Der.SEQUENCE, VERSION_0, RSA_ALGORITHM, Der.wrap(Der.OCTET_STRING, der));
                case SEC1 -> fromSec1(der);
                default -> der;
            };
        } catch (IllegalArgumentException e) {
            throw unusable(block, e);
        }
    }

    private static TlsConfigException unusable(PemBlock block, Exception e) {
        return new TlsConfigException(
                block.file(),
                block.describe() + " cannot be used: " + e.getMessage(),
                "a key that is RSA, EC on the curve P-256, P-384 or P-521, or Ed25519",
                e);
    }

    /** {@code ECPrivateKey ::= SEQUENCE { version, privateKey, [0] curve OPTIONAL, [1] publicKey OPTIONAL }}. */
    private static byte[] fromSec1(byte[] der) {
        ByteBuffer key = Der.enter(ByteBuffer.wrap(der), Der.SEQUENCE);
        Der.enter(key, Der.INTEGER);
        Der.enter(key, Der.OCTET_STRING);
        if (!Der.at(key, Der.CONTEXT_0)) {
            throw new IllegalArgumentException("it does not name its curve");
        }
        ByteBuffer curve = Der.enter(key, Der.CONTEXT_0);
        if (!Der.at(curve, Der.OBJECT_ID)) {
            throw new IllegalArgumentException("its curve is spelled out, not named");
        }
        byte[] algorithm = Der.wrap(Der.SEQUENCE, EC_OBJECT_ID, Der.next(curve));
        return Der.wrap(Der.SEQUENCE, VERSION_0, algorithm, Der.wrap(Der.OCTET_STRING, der));
    }

    /** {@code PrivateKeyInfo ::= SEQUENCE { version, SEQUENCE { algorithm, parameters }, privateKey }}. */
    private static String algorithm(byte[] pkcs8) {
        ByteBuffer info = Der.enter(ByteBuffer.wrap(pkcs8), Der.SEQUENCE);
        Der.enter(info, Der.INTEGER);
        return KeyAlgorithm.name(Der.enter(info, Der.SEQUENCE));
    }
}
