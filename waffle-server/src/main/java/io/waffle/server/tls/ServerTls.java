// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.config.SecretFile;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.TlsConfig.UnknownNames;
import io.waffle.server.loop.PlainChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TLS as a listener speaks it. A client that offers no ALPN is served; one that offers something and not {@code http/1.1} gets the
 * {@code no_application_protocol} alert (RFC 7301 section 3.2). Immutable, thread-safe; keeps the sessions clients may resume.
 *
 * <p>A listener with one certificate shows that; one with a folder of them, or that refuses unknown names, chooses by name.
 */
public final class ServerTls {

    private final TlsSetup setup;
    private final TlsServer server;
    private final @Nullable CertificateTable certificates;

    /** How the files were that certificates are chosen from. */
    private final List<CertificateFiles> files;

    private final List<String> warnings;

    private ServerTls(
            TlsSetup setup,
            TlsServer server,
            @Nullable CertificateTable certificates,
            List<CertificateFiles> files,
            List<String> warnings) {
        this.setup = setup;
        this.server = server;
        this.certificates = certificates;
        this.files = files;
        this.warnings = warnings;
    }

    /**
     * Reads the files now: the certificate and its key, which may be one file, and the names of those in the folder.
     *
     * @param clock tells which certificates have expired
     * @param former what is in use, whose sessions go on if nothing but certificates has changed
     */
    public static ServerTls load(TlsConfig config, Clock clock, Optional<ServerTls> former) throws TlsConfigException {
        List<String> warnings = new ArrayList<>();
        Optional<TlsIdentity> own = Optional.empty();
        if (config.certFile().isPresent() && config.keyFile().isPresent()) {
            own = Optional.of(
                    TlsIdentity.load(config.certFile().get(), config.keyFile().get(), clock));
            warnings.addAll(own.get().warnings());
        }
        Optional<CertificateFolder> folder = Optional.empty();
        if (config.certificates().isPresent()) {
            folder = Optional.of(CertificateFolder.read(config.certificates().get(), clock));
            warnings.addAll(folder.get().warnings());
        }
        boolean byName = folder.isPresent() || config.unknownNames() == UnknownNames.REFUSE;
        TlsSetup setup = new TlsSetup(
                TlsPolicy.of(config.policy()),
                ClientPolicies.load(config, clock.instant(), former.map(before -> before.setup.clients()), warnings),
                byName ? Optional.empty() : own,
                ticketSecret(config),
                implementation(config.provider()));
        TlsServer server = server(setup, clock, former, warnings);
        if (!byName) {
            return new ServerTls(setup, server, null, List.of(), List.copyOf(warnings));
        }
        List<NamedCertificate> all = new ArrayList<>();
        @Nullable NamedCertificate first = null;
        if (own.isPresent()) {
            first = named(config, own.get());
            server.prepare(first, own.get());
            all.add(first);
        }
        folder.map(CertificateFolder::certificates).ifPresent(all::addAll);
        CertificateTable table =
                new CertificateTable(all, first, config.unknownNames() == UnknownNames.REFUSE, clock.instant());
        warnings.addAll(table.warnings());
        return new ServerTls(
                setup, server, table, all.stream().map(NamedCertificate::files).toList(), List.copyOf(warnings));
    }

    private static NamedCertificate named(TlsConfig config, TlsIdentity identity) throws TlsConfigException {
        Path certFile = config.certFile().orElseThrow();
        return new NamedCertificate(
                CertificateFiles.of("", certFile, config.keyFile().orElseThrow()), identity.facts());
    }

    private static ByteBuffer ticketSecret(TlsConfig config) throws TlsConfigException {
        if (config.ticketKeyFile().isEmpty()) {
            return ByteBuffer.allocate(0);
        }
        Path file = config.ticketKeyFile().get();
        try {
            return ByteBuffer.wrap(SecretFile.read(file, TicketKeys.LEAST_SECRET));
        } catch (IOException e) {
            throw new TlsConfigException(
                    file,
                    "no secret for session tickets: " + e.getMessage(),
                    "at least " + TicketKeys.LEAST_SECRET + " random bytes",
                    e);
        }
    }

    private static TlsServer server(TlsSetup setup, Clock clock, Optional<ServerTls> former, List<String> warnings)
            throws TlsConfigException {
        boolean openSsl = setup.implementation().startsWith(OPENSSL);
        if (!openSsl) {
            heedNames(setup, warnings);
        }
        if (!openSsl && setup.ticketSecret().hasRemaining()) {
            warnings.add(
                    "tls.ticket_key_file: without effect, since Java's TLS takes no keys for session tickets (tls.provider openssl"
                            + " does): its sessions are not resumed by other instances");
        }
        Optional<TlsServer> same =
                former.filter(before -> before.setup.equals(setup)).map(before -> before.server);
        if (same.isPresent()) {
            return same.get();
        }
        return openSsl ? OpenSslServer.of(setup, clock) : JsseServer.of(setup);
    }

    private static void heedNames(TlsSetup setup, List<String> warnings) {
        boolean certificates = setup.identity().isEmpty();
        boolean policies = setup.clients().dependOnName();
        if (TlsRules.heedNames(certificates || policies)) {
            return;
        }
        if (certificates) {
            warnings.add(
                    "tls.provider jsse: names of certificates are heeded from the next start on, since Java's TLS has begun"
                            + " without; until then everybody is shown the default certificate");
        }
        if (policies) {
            warnings.add(
                    "tls.names: heeded from the next start on, since Java's TLS (tls.provider jsse) has begun without"
                            + " names; until then requests for those that ask for something else than the listener get a 421");
        }
    }

    private static final String OPENSSL = "OpenSSL";

    private static String implementation(TlsConfig.Provider provider) throws TlsConfigException {
        String java = "Java " + Runtime.version();
        if (provider == TlsConfig.Provider.JSSE) {
            return java;
        }
        Optional<String> problem = openSslProblem();
        if (problem.isEmpty()) {
            return OpenSsl.version();
        }
        if (provider == TlsConfig.Provider.OPENSSL) {
            throw new TlsConfigException(
                    TlsConfigException.Part.PROVIDER,
                    "openssl (expected: an OpenSSL 3 that can be used; " + problem.get() + ")");
        }
        return java + " (no OpenSSL: " + problem.get() + ")";
    }

    /** Why the system's OpenSSL cannot be used; empty if it can. */
    public static Optional<String> openSslProblem() {
        return Optional.of(OpenSslContext.problem()).filter(problem -> !problem.isEmpty());
    }

    /** The files in the folder of certificates, if there is one, whose change is a reason to load this anew. */
    public static List<Path> filesOf(TlsConfig config) {
        return config.certificates().stream().flatMap(CertificateFolder::files).toList();
    }

    /** What a person should know about these files, one line each; empty if all is well. */
    public List<String> warnings() {
        return warnings;
    }

    /** Whether the other one shows the same certificates with the same keys in the same manner, so that it need not take the place of this. */
    public boolean isLike(ServerTls other) {
        return setup.equals(other.setup)
                && files.equals(other.files)
                && (certificates == null) == (other.certificates == null)
                && (certificates == null || certificates.isLike(other.certificates));
    }

    /** What is asked of clients. */
    public ClientPolicies clients() {
        return setup.clients();
    }

    /** Whose TLS it is, with its version. */
    public String implementation() {
        return setup.implementation();
    }

    TlsRecords records(PlainChannel socket) throws IOException {
        return server.accept(socket, certificates);
    }
}
