// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority for tests, root or intermediate. Java can read certificates but not make them, so the few structures of RFC 5280
 * a test needs are written here, with nothing but the JDK.
 */
public final class TestAuthority {

    /** A private key and its chain, leaf first, without the root. */
    public record Issued(PrivateKey key, List<X509Certificate> chain) {

        public X509Certificate leaf() {
            return chain.getFirst();
        }

        /** For a server that shows this certificate with its chain. */
        public SSLContext serverContext() throws GeneralSecurityException, IOException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), null, null);
            return context;
        }

        private KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
            KeyStore store = emptyStore();
            store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            return keys.getKeyManagers();
        }

        /** Writes {@code NAME.pem} and {@code NAME.key} (PKCS#8) into a folder; returns the first. */
        public Path write(Path folder, String name) throws IOException {
            Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key.getEncoded()));
            return Files.writeString(folder.resolve(name + ".pem"), pem(chain));
        }
    }

    private static final char[] NO_PASSWORD = new char[0];
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2049-01-01T00:00:00Z");
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final String name;
    private final Issued identity;

    private TestAuthority(String name, Issued identity) {
        this.name = name;
        this.identity = identity;
    }

    /** A root, which signs itself. */
    public static TestAuthority root(String name, String keyKind) throws GeneralSecurityException {
        KeyPair keys = keyPair(keyKind);
        X509Certificate certificate =
                sign(name, keys.getPrivate(), name, keys.getPublic(), FROM, TO, basicConstraints());
        return new TestAuthority(name, new Issued(keys.getPrivate(), List.of(certificate)));
    }

    /** An authority below this one. */
    public TestAuthority intermediate(String childName, String keyKind) throws GeneralSecurityException {
        KeyPair keys = keyPair(keyKind);
        X509Certificate certificate =
                sign(name, identity.key, childName, keys.getPublic(), FROM, TO, basicConstraints());
        return new TestAuthority(childName, new Issued(keys.getPrivate(), chainFrom(certificate)));
    }

    /** An authority of the same name with another key, as after a renewal. */
    static TestAuthority renewed(TestAuthority old, String keyKind) throws GeneralSecurityException {
        return root(old.name, keyKind);
    }

    public X509Certificate certificate() {
        return identity.leaf();
    }

    /** Trusts this authority, and nothing else. */
    public SSLContext clientContext() throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers(), null);
        return context;
    }

    /** The same for a client that shows this certificate with its chain. */
    public SSLContext clientContext(Issued shown) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown.keyManagers(), trustManagers(), null);
        return context;
    }

    private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("root", certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    /** A revocation list (RFC 5280 section 5) of this authority, as PEM, with what it has revoked. */
    public String crlPem(Instant until, X509Certificate... revoked) throws GeneralSecurityException {
        byte[][] entries = new byte[revoked.length][];
        for (int i = 0; i < revoked.length; i++) {
            byte[] serial = der(0x02, revoked[i].getSerialNumber().toByteArray());
            entries[i] = der(0x30, serial, der(0x17, ascii(UTC_TIME.format(FROM))));
        }
        byte[] algorithm = signatureAlgorithm(identity.key);
        byte[] body = der(
                0x30,
                hex("020101"), // version 2
                algorithm,
                distinguishedName(name),
                der(0x17, ascii(UTC_TIME.format(FROM))),
                der(0x17, ascii(UTC_TIME.format(until))),
                revoked.length == 0 ? new byte[0] : der(0x30, entries));
        return pem("X509 CRL", der(0x30, body, algorithm, der(0x03, new byte[1], signature(identity.key, body))));
    }

    /** @param names DNS names and address literals; the first is also the subject */
    public Issued issue(String keyKind, String... names) throws GeneralSecurityException {
        return issue(keyPair(keyKind), FROM, TO, names);
    }

    public Issued issue(KeyPair keys, Instant from, Instant to, String... names) throws GeneralSecurityException {
        byte[] extension = alternativeNames(names);
        X509Certificate leaf = sign(name, identity.key, names[0], keys.getPublic(), from, to, extension);
        return new Issued(keys.getPrivate(), chainFrom(leaf));
    }

    /** @param kind {@code RSA}, {@code Ed25519}, or a curve's name such as {@code secp256r1} */
    public static KeyPair keyPair(String kind) throws GeneralSecurityException {
        boolean curve = kind.startsWith("secp");
        KeyPairGenerator generator = KeyPairGenerator.getInstance(curve ? "EC" : kind);
        if (curve) {
            generator.initialize(new ECGenParameterSpec(kind));
        } else if (kind.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    public static String pem(List<X509Certificate> certificates) {
        return certificates.stream().map(TestAuthority::pem).collect(Collectors.joining());
    }

    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static String pem(String label, byte[] der) {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + label + "-----\n" + encoder.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private List<X509Certificate> chainFrom(X509Certificate first) {
        List<X509Certificate> chain = new ArrayList<>(List.of(first));
        identity.chain.stream()
                .filter(c -> !c.getSubjectX500Principal().equals(c.getIssuerX500Principal()))
                .forEach(chain::add);
        return chain;
    }

    private static X509Certificate sign(
            String issuer, PrivateKey by, String subject, PublicKey key, Instant from, Instant to, byte[] extension)
            throws GeneralSecurityException {
        byte[] algorithm = signatureAlgorithm(by);
        byte[] body = der(
                0x30,
                hex("a003020102"), // version 3
                der(0x02, longBytes(SERIAL.getAndIncrement())),
                algorithm,
                distinguishedName(issuer),
                der(0x30, der(0x17, ascii(UTC_TIME.format(from))), der(0x17, ascii(UTC_TIME.format(to)))),
                distinguishedName(subject),
                key.getEncoded(),
                der(0xA3, der(0x30, extension)));
        byte[] certificate = der(0x30, body, algorithm, der(0x03, new byte[1], signature(by, body)));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private static byte[] signature(PrivateKey by, byte[] body) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (by.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                });
        signature.initSign(by);
        signature.update(body);
        return signature.sign();
    }

    private static byte[] signatureAlgorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> hex("300d06092a864886f70d01010b0500"); // sha256WithRSAEncryption
            case "EC" -> hex("300a06082a8648ce3d040302"); // ecdsa-with-SHA256
            default -> hex("300506032b6570"); // Ed25519
        };
    }

    private static byte[] distinguishedName(String commonName) {
        byte[] value = der(0x0C, commonName.getBytes(StandardCharsets.UTF_8));
        return der(0x30, der(0x31, der(0x30, hex("0603550403"), value)));
    }

    /** Critical, and {@code cA} is true. */
    private static byte[] basicConstraints() {
        return hex("300f0603551d130101ff040530030101ff");
    }

    private static byte[] alternativeNames(String... names) {
        byte[][] encoded = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            encoded[i] = names[i].matches("[0-9.]+|.*:.*")
                    ? der(0x87, InetAddress.ofLiteral(names[i]).getAddress())
                    : der(0x82, ascii(names[i]));
        }
        return der(0x30, hex("0603551d11"), der(0x04, der(0x30, encoded)));
    }

    public static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            contents.writeBytes(part);
        }
        int length = contents.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(contents.toByteArray());
        return out.toByteArray();
    }

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] longBytes(long value) {
        return BigInteger.valueOf(value).toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
