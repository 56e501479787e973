// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.TLS;

import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.List;

/** Settings: TLS of the listener, and towards backends; a part of the table {@link Settings}. */
public final class TlsSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<Path> CERT =
            TABLE.add(new Setting<>(TLS, "tls.cert_file", List.of("tls-cert"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the certificate chain of the listener, its own certificate first. With a certificate and its
            key the listener speaks TLS 1.2 and 1.3, and nothing else."""));

    public static final Setting<Path> KEY =
            TABLE.add(new Setting<>(TLS, "tls.key_file", List.of("tls-key"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the private key of that certificate: RSA or EC, in PKCS#8, PKCS#1 or SEC1, not encrypted."""));

    public static final Setting<TlsConfig.Provider> PROVIDER = TABLE.add(new Setting<>(
            TLS,
            "tls.provider",
            List.of("tls-provider"),
            Shape.ONE,
            Forms.word("PROVIDER", TlsConfig.Provider.class),
            "auto",
            """
            Whose TLS the listener speaks: that of the system's OpenSSL 3, or that of the Java runtime, which takes more
            CPU. `auto` is OpenSSL if it can be used; the log says which it is."""));

    public static final Setting<Path> BACKEND_CA = TABLE.add(
            new Setting<>(TLS, "backend_tls.ca_file", List.of("backend-tls-ca-file"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the authorities to trust for `https` backends, in place of the system's."""));

    public static final Setting<Boolean> BACKEND_VERIFY = TABLE.add(new Setting<>(
            TLS, "backend_tls.verify", List.of("backend-tls-verify"), Shape.SWITCH, Forms.SWITCH, "true", """
            Whether the certificates of `https` backends are verified. With false anybody on the way can read and change
            the traffic; a warning is logged."""));

    public static final Setting<String> BACKEND_SERVER_NAME = TABLE.add(new Setting<>(
            TLS, "backend_tls.server_name", List.of("backend-tls-server-name"), Shape.ONE, Forms.SERVER_NAME, "", """
            The name that `https` backends are asked for (SNI), and that their certificates must be for, in place of the
            host of each one's URL: for backends given by address. Checks ask for it, too."""));

    private TlsSettings() {}
}
