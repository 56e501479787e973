// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.TLS;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.List;

/** Settings: TLS of the listener, and towards backends; a part of the table {@link Settings}. */
public final class TlsSettings {

    static final SettingTable TABLE = new SettingTable(Scope.LISTENER);

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

    public static final Setting<Path> CERTIFICATES = TABLE.add(
            new Setting<>(TLS, "tls.certificates", List.of("tls-certificates"), Shape.ONE, Forms.FOLDER, "", """
            A folder with certificates: `NAME.pem` (its key in the same file, or in `NAME.key`), `NAME.crt` with `NAME.key`,
            or `NAME/tls.crt` with `NAME/tls.key`. Which one a client is shown depends on the name it asks for: one with that
            very name among its alternative names, else one with a wildcard for it. Of one name there may be one of each kind
            of key. Who asks for another name, or none, is shown the one of `tls.cert_file`, else the one called `default`,
            else the first. Keys are read at their first use; of a file that is broken a warning tells."""));

    public static final Setting<TlsConfig.UnknownNames> UNKNOWN_NAMES = TABLE.add(new Setting<>(
            TLS,
            "tls.unknown_names",
            List.of("tls-unknown-names"),
            Shape.ONE,
            Forms.word("UNKNOWN_NAMES", TlsConfig.UnknownNames.class),
            "default",
            """
            What becomes of a client that asks for a name without a certificate, or for none: `default` shows it the default
            certificate, `refuse` ends the handshake with an alert."""));

    public static final Setting<TlsPolicyConfig.Profile> PROFILE = TABLE.add(new Setting<>(
            TLS,
            "tls.profile",
            List.of("tls-profile"),
            Shape.ONE,
            Forms.word("PROFILE", TlsPolicyConfig.Profile.class),
            "intermediate",
            """
            Which clients the listener is for, by Mozilla's names: `modern` is TLS 1.3 only, `intermediate` TLS 1.2, too, with
            forward secrecy and authenticated encryption. The settings below are more precise, and win. Where the system's
            configuration of OpenSSL asks for more, that holds."""));

    public static final Setting<TlsPolicyConfig.Version> MIN_VERSION = TABLE.add(
            new Setting<>(TLS, "tls.min_version", List.of("tls-min-version"), Shape.ONE, Forms.TLS_VERSION, "", """
            The lowest version of TLS the listener speaks. Without it the profile says."""));

    public static final Setting<String> CIPHERS =
            TABLE.add(new Setting<>(TLS, "tls.ciphers", List.of("tls-ciphers"), Shape.LIST, Forms.TLS_WORD, "", """
            The cipher suites the listener speaks, the preferred first, by their registered names or OpenSSL's. Of a version
            that none is named for, the profile's stay."""));

    public static final Setting<String> GROUPS =
            TABLE.add(new Setting<>(TLS, "tls.groups", List.of("tls-groups"), Shape.LIST, Forms.TLS_WORD, "", """
            The groups keys are exchanged in, the preferred first, such as `x25519`, `secp256r1` or, where the provider has
            it, `X25519MLKEM768`. Without any the provider's own."""));

    public static final Setting<ClientCertificatesConfig.Mode> CLIENT_MODE = TABLE.add(new Setting<>(
            TLS,
            "tls.client_certificates.mode",
            List.of("tls-client-certificates-mode"),
            Shape.ONE,
            Forms.word("MODE", ClientCertificatesConfig.Mode.class),
            "off",
            """
            Whether clients are asked for a certificate: `optional` takes who shows none, but nobody with a wrong one,
            `required` ends the handshake of both. A session is resumed only where the same is asked."""));

    public static final Setting<Path> CLIENT_CA = TABLE.add(new Setting<>(
            TLS,
            "tls.client_certificates.ca_file",
            List.of("tls-client-certificates-ca-file"),
            Shape.ONE,
            Forms.FILE,
            "",
            """
            A PEM file with the authorities that vouch for clients."""));

    public static final Setting<Path> CLIENT_CRL = TABLE.add(new Setting<>(
            TLS,
            "tls.client_certificates.crl_file",
            List.of("tls-client-certificates-crl-file"),
            Shape.ONE,
            Forms.FILE,
            "",
            """
            A PEM file with the revocation lists of those authorities, one of each, and of those between. A client is refused
            if its certificate is on one, or if one is missing or out of date. Without the file nothing counts as revoked."""));

    public static final Setting<Boolean> CLIENT_FORWARD = TABLE.add(new Setting<>(
            TLS,
            "tls.client_certificates.forward",
            List.of("tls-client-certificates-forward"),
            Shape.SWITCH,
            Forms.SWITCH,
            "false",
            """
            Whether backends are told of a client's certificate, in `Client-Cert` and `Client-Cert-Chain` (RFC 9440). Fields
            of these names that come with a request are left out then, whoever sends them."""));

    public static final Setting<ClientCertificatesConfig.Mode> NAMES_MODE = TABLE.add(new Setting<>(
            TLS,
            "tls.names.NAME.client_certificates.mode",
            List.of(),
            Shape.ONE,
            Forms.word("MODE", ClientCertificatesConfig.Mode.class),
            "",
            """
            The same for clients that ask for this name: `www.example.org`, or `*.example.org` for all names below it, the most
            precise first. What a name does not say is as its listener has it. A request whose host is asked for something else
            than the name its connection was made with gets a 421; so do those of connections that asked for no name."""));

    public static final Setting<Path> NAMES_CA = TABLE.add(new Setting<>(
            TLS, "tls.names.NAME.client_certificates.ca_file", List.of(), Shape.ONE, Forms.FILE, "", """
            The authorities that vouch for those clients."""));

    public static final Setting<Path> NAMES_CRL = TABLE.add(new Setting<>(
            TLS, "tls.names.NAME.client_certificates.crl_file", List.of(), Shape.ONE, Forms.FILE, "", """
            The revocation lists of those authorities."""));

    public static final Setting<Boolean> NAMES_FORWARD = TABLE.add(new Setting<>(
            TLS, "tls.names.NAME.client_certificates.forward", List.of(), Shape.SWITCH, Forms.SWITCH, "", """
            Whether backends are told of the certificates of those clients."""));

    public static final Setting<Path> TICKET_KEY = TABLE.add(
            new Setting<>(TLS, "tls.ticket_key_file", List.of("tls-ticket-key-file"), Shape.ONE, Forms.FILE, "", """
            A file with a secret of 32 to 4096 bytes, the same for several instances, which then resume each other's sessions.
            The keys of tickets are made of it and of the time, and are replaced every 12 hours. Without it each start makes
            up its own. OpenSSL only."""));

    public static final Setting<Path> BACKEND_CERT = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    TLS, "backend_tls.cert_file", List.of("backend-tls-cert-file"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the certificate chain that `https` backends are shown when they ask for one."""));

    public static final Setting<Path> BACKEND_KEY = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    TLS, "backend_tls.key_file", List.of("backend-tls-key-file"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the private key of that certificate."""));

    public static final Setting<Path> BACKEND_CA = TABLE.add(
            Scope.POOL,
            new Setting<>(TLS, "backend_tls.ca_file", List.of("backend-tls-ca-file"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the authorities to trust for `https` backends, in place of the system's."""));

    public static final Setting<Boolean> BACKEND_VERIFY = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    TLS, "backend_tls.verify", List.of("backend-tls-verify"), Shape.SWITCH, Forms.SWITCH, "true", """
            Whether the certificates of `https` backends are verified. With false anybody on the way can read and change
            the traffic; a warning is logged."""));

    public static final Setting<String> BACKEND_SERVER_NAME = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    TLS,
                    "backend_tls.server_name",
                    List.of("backend-tls-server-name"),
                    Shape.ONE,
                    Forms.SERVER_NAME,
                    "",
                    """
            The name that `https` backends are asked for (SNI), and that their certificates must be for, in place of the
            host of each one's URL: for backends given by address. Checks ask for it, too."""));

    private TlsSettings() {}
}
