// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Self-signed certificates on P-256, each with a key of its own, by the thousand: the JDK reads them and does not make them, and keytool takes a second for one. */
final class SelfSigned {

    private static final byte[] VERSION_3 = hex("a003020102");
    private static final byte[] ECDSA_SHA256 = hex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");

    private static final byte[] EC_P256 = hex("301306072a8648ce3d020106082a8648ce3d030107");
    private static final int SCALAR = 32;
    private static final int POINT = 65;

    private final KeyPairGenerator keys;
    private final Signature signature;
    private long serial = 1;

    SelfSigned() throws GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(new ECGenParameterSpec("secp256r1"));
        signature = Signature.getInstance("SHA256withECDSA");
    }

    /** A certificate for a name, and its key, as PEM. */
    String pem(String name) throws GeneralSecurityException {
        KeyPair pair = keys.generateKeyPair();
        byte[] subject = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0C, ascii(name)))));
        byte[] names = der(0x30, ALTERNATIVE_NAMES, der(0x04, der(0x30, der(0x82, ascii(name)))));
        byte[] body = der(
                0x30,
                VERSION_3,
                der(0x02, BigInteger.valueOf(serial++).toByteArray()),
                ECDSA_SHA256,
                subject,
                der(0x30, der(0x17, ascii("200101000000Z")), der(0x17, ascii("490101000000Z"))),
                subject,
                pair.getPublic().getEncoded(),
                der(0xA3, der(0x30, names)));
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] certificate = der(0x30, body, ECDSA_SHA256, der(0x03, new byte[1], signature.sign()));
        return block("CERTIFICATE", certificate)
                + block(
                        "PRIVATE KEY",
                        key((ECPrivateKey) pair.getPrivate(), pair.getPublic().getEncoded()));
    }

    /** PKCS#8 with the public point in it, as nearly all tools write it; the JDK leaves that out. */
    private static byte[] key(ECPrivateKey key, byte[] publicKey) {
        byte[] number = key.getS().toByteArray();
        byte[] scalar = new byte[SCALAR];
        int length = Math.min(number.length, SCALAR);
        System.arraycopy(number, number.length - length, scalar, SCALAR - length, length);
        byte[] point = Arrays.copyOfRange(publicKey, publicKey.length - POINT, publicKey.length);
        byte[] inner =
                der(0x30, der(0x02, new byte[] {1}), der(0x04, scalar), der(0xA1, der(0x03, new byte[1], point)));
        return der(0x30, der(0x02, new byte[1]), EC_P256, der(0x04, inner));
    }

    private static String block(String type, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }

    /** Lengths of up to 64 KiB, which is enough. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int length = content.size();
        all.write(tag);
        if (length < 0x80) {
            all.write(length);
        } else if (length < 0x100) {
            all.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            all.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
