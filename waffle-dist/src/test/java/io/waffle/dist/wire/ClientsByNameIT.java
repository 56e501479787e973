// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.tls.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of clients depends on the name they ask for; a request for a host that asks for something else is misdirected (RFC 9110 section 15.5.20). */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"openssl", "jsse"})
final class ClientsByNameIT {

    private static final Instant LATER = Instant.parse("2049-01-01T00:00:00Z");
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    private final String provider;
    private final Path folder;
    private final TestCertificates certificates = TestCertificates.shared();
    private final Issued good = certificates.issue(LATER, "good");
    private final Issued revoked = certificates.issue(LATER, "revoked");

    ClientsByNameIT(String provider, @TempDir Path folder) throws IOException {
        this.provider = provider;
        this.folder = folder;
        certificates.ec().write(folder, "server");
        TestCertificates.write(folder, "ca.pem", certificates.rootPem());
        TestCertificates.write(folder, "crl.pem", certificates.crlPem(LATER, revoked.leaf()));
    }

    @Test
    @DisplayName(
            "M13 a certificate is asked for by name, in whatever letters and pieces, and a host that asks for another one gets a 421")
    void asked() throws Exception {
        String strict = "{client_certificates: {mode: required, ca_file: ca.pem, crl_file: crl.pem, forward: true}}";
        String names = "admin.test: " + strict + ", also.test: " + strict
                + ", '*.part.test': {client_certificates: {mode: optional, ca_file: ca.pem}}"
                + ", open.part.test: {client_certificates: {mode: off}}";
        try (ScriptedBackend backend = ScriptedBackend.start();
                ConfiguredWaffle waffle = start(backend, "names: {" + names + "}");
                HelloInPieces pieces = new HelloInPieces(waffle.port(), 9)) {
            for (String version : VERSIONS) {
                for (String name : List.of("admin.test", "ADMIN.Test", "also.test")) {
                    refused(waffle.port(), none(), version, name);
                    refused(pieces.port(), none(), version, name);
                    refused(waffle.port(), with(revoked), version, name);
                }
                for (int port : List.of(waffle.port(), pieces.port())) {
                    assertEquals(200, get(port, with(good), version, "admin.test", "admin.test"));
                    assertTrue(backend.next().head().value("Client-Cert").isPresent());
                }
                List<String> same = List.of("also.test", "ADMIN.test.:8443", "admin.test:443");
                directed(waffle, with(good), version, "admin.test", same, List.of("open.test", "x.part.test"));
                List<String> open = List.of("open.test", "127.0.0.1:443", "[::1]", "open.part.test", "part.test");
                directed(waffle, none(), version, "open.test", open, List.of("admin.test", "Admin.TEST.:443"));
            }
            String version = "TLSv1.3";
            directed(
                    waffle,
                    none(),
                    version,
                    "nobody.test",
                    List.of("nobody.test"),
                    List.of("ADMIN.test", "x.part.test"));
            directed(waffle, none(), version, null, List.of("open.test"), List.of("admin.test."));
            List<String> below = List.of("x.part.test", "y.x.PART.test:1");
            directed(waffle, none(), version, "a.b.part.test", below, List.of("part.test", "open.part.test"));
            if (provider.equals("openssl")) { // Java's TLS ends a handshake over such a name
                refused(waffle.port(), none(), "TLSv1.3", "admin.test.");
            }
            try (NamedClient client = new NamedClient(waffle.port(), none(), "TLSv1.3", "open.test")) {
                assertEquals(200, client.send("GET / HTTP/1.0\r\n\r\n").status(), "of no host");
            }
            try (NamedClient client = new NamedClient(waffle.port(), none(), "TLSv1.3", "open.test")) {
                String other = "GET http://admin.test/ HTTP/1.1\r\nHost: open.test\r\n\r\n";
                assertEquals(421, client.send(other).status(), "of a host in the target");
            }
            for (Malformed fault : backend.faults()) {
                throw new AssertionError(fault);
            }
        }
    }

    /** The ones are served by one connection; each of the others gets a 421, behind a request that is in order, and the end of the connection. */
    private void directed(
            ConfiguredWaffle waffle,
            SSLContext context,
            String version,
            @Nullable String name,
            List<String> served,
            List<String> misdirected)
            throws IOException {
        try (NamedClient client = new NamedClient(waffle.port(), context, version, name)) {
            for (String host : served) {
                assertEquals(200, client.get(host), name + " for " + host);
            }
        }
        for (String host : misdirected) {
            try (NamedClient client = new NamedClient(waffle.port(), context, version, name)) {
                assertEquals(200, client.get(served.getFirst()));
                Head refusal = client.head(host);
                assertEquals(421, refusal.status(), name + " for " + host);
                assertEquals("close", refusal.value("Connection").orElse(""));
                assertTrue(client.isAtItsEnd());
            }
        }
    }

    @Test
    @DisplayName(
            "M14 a session made where nothing is asked is resumed for a name that asks the same, and not for one that requires a certificate")
    void sessions() throws Exception {
        TestCertificates.write(folder, "ticket.key", "a secret that is thirty-two bytes long, or more");
        String names = "names: {admin.test: {client_certificates: {mode: required, ca_file: ca.pem}}"
                + ", gate.test: {client_certificates: {mode: optional, ca_file: ca.pem}}}";
        List<String> secrets = provider.equals("openssl") ? List.of("", ", ticket_key_file: ticket.key") : List.of("");
        for (String secret : secrets) {
            try (ScriptedBackend backend = ScriptedBackend.start();
                    ConfiguredWaffle waffle = start(backend, names + secret)) {
                for (String version : VERSIONS) {
                    long open = session(waffle.port(), version, "open.test");
                    long gate = session(waffle.port(), version, "gate.test");
                    assertTrue(resumes(waffle.port(), version, open, "open.test"));
                    assertTrue(resumes(waffle.port(), version, open, "other.test"), "of the same policy");
                    assertTrue(resumes(waffle.port(), version, gate, "gate.test"));
                    assertFalse(resumes(waffle.port(), version, open, "gate.test"));
                    assertFalse(resumes(waffle.port(), version, gate, "open.test"));
                    for (long session : new long[] {open, gate}) {
                        assertThrows(IOException.class, () -> resumes(waffle.port(), version, session, "admin.test"));
                    }
                }
            }
        }
    }

    private static long session(int port, String version, String name) throws IOException {
        try (OpenSslClient client = new OpenSslClient(port, version, name, 0)) {
            assertEquals(200, client.get(name));
            return client.session();
        }
    }

    /** Whether a session is taken where it is offered under this name; the request is served all the same. */
    private static boolean resumes(int port, String version, long session, String name) throws IOException {
        try (OpenSslClient client = new OpenSslClient(port, version, name, session)) {
            assertEquals(200, client.get(name));
            return client.resumed();
        }
    }

    @Test
    @DisplayName(
            "a connection is held against what a reload brings: a 421 where a name asks for something else now, and a last answer where a list has changed")
    void reloaded() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ConfiguredWaffle waffle = start(
                        backend,
                        "client_certificates: {mode: optional, ca_file: ca.pem, crl_file: crl.pem}, names: {open.test: {client_certificates: {mode: off}}}");
                NamedClient open = new NamedClient(waffle.port(), none(), "TLSv1.3", "open.test");
                NamedClient other = new NamedClient(waffle.port(), with(good), "TLSv1.3", "other.test")) {
            assertEquals(200, open.get("open.test"));
            assertEquals(200, other.get("other.test"));
            assertEquals(421, get(waffle.port(), none(), "TLSv1.3", "open.test", "other.test"));
            String strict =
                    "client_certificates: {mode: optional, ca_file: ca.pem, crl_file: crl.pem}, names: {open.test: {client_certificates: {mode: required}}}";
            waffle.reload(yaml(backend, strict));
            assertEquals(200, other.get("other.test"), "which asks for the same as before");
            assertEquals(421, open.get("open.test"));
            assertTrue(open.isAtItsEnd());
            refused(waffle.port(), none(), "TLSv1.3", "open.test");
            assertEquals(200, get(waffle.port(), with(good), "TLSv1.3", "open.test", "open.test"));
            Files.writeString(folder.resolve("crl.pem"), certificates.crlPem(LATER, revoked.leaf(), good.leaf()));
            waffle.hangUp();
            Head last = other.head("other.test");
            assertEquals(200, last.status());
            assertEquals("close", last.value("Connection").orElse(""));
            assertTrue(other.isAtItsEnd());
            refused(waffle.port(), with(good), "TLSv1.3", "other.test");
        }
    }

    @Test
    @DisplayName("the access log tells of the name and of the 421")
    void logged() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ConfiguredWaffle waffle = start(
                        backend,
                        "names: {admin.test: {client_certificates: {mode: required, ca_file: ca.pem}}}",
                        "-access-log",
                        "-",
                        "-access-log-format",
                        "{status} {server_name} {host} {fault} {ended_by}")) {
            get(waffle.port(), none(), "TLSv1.3", "Open.test", "open.test");
            get(waffle.port(), none(), "TLSv1.3", "Open.test", "admin.test");
            get(waffle.port(), none(), "TLSv1.3", null, "admin.test");
            waffle.process().awaitOutput(Pattern.compile("200 Open\\.test open\\.test - -"));
            waffle.process().awaitOutput(Pattern.compile("421 Open\\.test admin\\.test misdirected client"));
            waffle.process().awaitOutput(Pattern.compile("421 - admin\\.test misdirected client"));
        }
    }

    private SSLContext none() {
        return certificates.clientContext();
    }

    private SSLContext with(Issued shown) {
        return certificates.clientContext(shown);
    }

    private static int get(int port, SSLContext context, String version, @Nullable String name, String host)
            throws IOException {
        try (NamedClient client = new NamedClient(port, context, version, name)) {
            return client.get(host);
        }
    }

    /** In TLS 1.3 a client learns of it behind its handshake. */
    private static void refused(int port, SSLContext context, String version, String name) {
        assertThrows(IOException.class, () -> get(port, context, version, name, name), name);
    }

    private ConfiguredWaffle start(ScriptedBackend backend, String tls, String... arguments) {
        return ConfiguredWaffle.start(folder, yaml(backend, tls), arguments);
    }

    private String yaml(ScriptedBackend backend, String tls) {
        return "backends: [" + backend.url() + "]\ntls: {provider: " + provider
                + ", cert_file: server.pem, key_file: server.key, " + tls + "}\n";
    }
}
