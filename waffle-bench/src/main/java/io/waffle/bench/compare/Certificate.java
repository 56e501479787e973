// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A self-signed certificate on P-256 for 127.0.0.1, made by the JDK's keytool and written as PEM files. */
record Certificate(Path chain, Path key, Path both) {

    private static final char[] PASSWORD = "compare".toCharArray();

    static Certificate create(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("certificate.p12");
        Commands.run(List.of(
                Commands.java("keytool"),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-alias",
                "compare",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString()));
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            String chain = pem("CERTIFICATE", keys.getCertificate("compare").getEncoded());
            String key = pem("PRIVATE KEY", keys.getKey("compare", PASSWORD).getEncoded());
            return new Certificate(
                    Files.writeString(folder.resolve("chain.pem"), chain),
                    Files.writeString(folder.resolve("key.pem"), key),
                    Files.writeString(folder.resolve("both.pem"), chain + key));
        } catch (GeneralSecurityException e) {
            throw new IOException("a key store just made cannot be read", e);
        }
    }

    private static String pem(String type, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
