// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.tls.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of clients by name, as a file has it: what is wrong with it, and what {@code -explain} makes of it. */
final class WrongServerNamesTest {

    private static final String LISTENER = "backends: [http://a]\nlisteners:\n  tls:\n    address: ':443'\n    tls:\n"
            + "      cert_file: server.pem\n      key_file: server.key\n";

    private static TestAuthority authority;

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() throws GeneralSecurityException {
        authority = TestAuthority.root("Names Root", "secp256r1");
    }

    @BeforeEach
    void write() throws IOException, GeneralSecurityException {
        authority.issue("secp256r1", "www.test").write(folder, "server");
        Files.writeString(folder.resolve("ca.pem"), TestAuthority.pem(authority.certificate()));
        Files.writeString(folder.resolve("none.pem"), "nothing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [a.test]                                                         | tls.names: a list (expected: a mapping of names
            {192.0.2.1: {client_certificates: {mode: off}}}                  | tls.names.192.0.2.1: 192.0.2.1 (expected: a host name such as
            {"a.*.test": {client_certificates: {mode: off}}}                 | tls.names.a.*.test: a.*.test (expected: a host name such as
            {"a.test:443": {client_certificates: {mode: off}}}               | a.test:443 (expected: a host name such as
            {a.test: {client_certificate: {mode: off}}}                      | tls.names.a.test.client_certificate: unknown key (did you mean client_certificates?)
            {a.test: {client_certificates: {mode: on}}}                      | client_certificates.mode: on (expected: one of off, optional, required)
            {a.test: {client_certificates: {mode: required}}}                | tls.names.a.test.client_certificates.mode: required (expected: ca_file with it, or -tls-client-certificates-ca-file
            {a.test: {client_certificates: {ca_file: ca.pem}}}               | tls.names.a.test: no mode (expected: client_certificates.mode with it, since the listener asks nobody)
            {a.test: {client_certificates: {mode: required, ca_file: no.pem}}} | no.pem (expected: a file that can be read; there is none)
            {a.test: {client_certificates: {mode: required, ca_file: none.pem}}} | tls.names.a.test.client_certificates.ca_file:
            {a.test: {client_certificates: {mode: off}}, A.Test.: {client_certificates: {mode: off}}} | A.Test.: A.Test. (expected: each name once; a.test was given before)
            """)
    void wrong(String names, String message) throws IOException {
        List<String> lines = run(2, "-check", LISTENER + "      names: " + names + "\n");
        assertEquals(1, lines.stream().filter(line -> line.contains(message)).count(), () -> String.join("\n", lines));
    }

    @Test
    void whatANameDoesNotSayIsAsItsListenerHasIt() throws IOException {
        String yaml = LISTENER + "      client_certificates: {ca_file: ca.pem}\n"
                + "      names:\n        'Admin.Test.': {client_certificates: {mode: required}}\n"
                + "        '*.part.test': {client_certificates: {mode: optional}}\n";
        for (String[] row : new String[][] {
            {"admin.test", "clients required: by tls.names.admin.test; 421 by a connection"},
            {"ADMIN.test.:443", "clients required: by tls.names.admin.test;"},
            {"a.b.part.test", "clients optional: by tls.names.*.part.test;"},
            {"part.test", "clients off: by the listener tls;"},
        }) {
            List<String> lines = run(0, yaml, "-explain", "https://" + row[0] + "/", "-explain-listener", "tls");
            assertTrue(lines.stream().anyMatch(line -> line.strip().startsWith(row[1])), lines::toString);
        }
    }

    @Test
    void theNamesOfAListenerTakeThePlaceOfThoseAtTheTop() throws IOException {
        String top = "tls: {names: {a.test: {client_certificates: {mode: required, ca_file: ca.pem}}}}\n";
        List<String> inherited = run(0, top + LISTENER, "-explain", "https://a.test/", "-explain-listener", "tls");
        assertTrue(inherited.toString().contains("clients required: by tls.names.a.test"), inherited::toString);
        String own = "      names: {b.test: {client_certificates: {mode: required, ca_file: ca.pem}}}\n";
        List<String> replaced = run(0, top + LISTENER + own, "-explain", "https://a.test/", "-explain-listener", "tls");
        assertTrue(replaced.toString().contains("clients off: by the listener tls"), replaced::toString);
    }

    private List<String> run(int code, String first, String second, String... more) throws IOException {
        boolean check = first.equals("-check");
        Files.writeString(folder.resolve("waffle.yaml"), check ? second : first);
        String[] flags = check ? new String[] {"-check", "-config", "waffle.yaml"} : explain(second, more);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(all, true, StandardCharsets.UTF_8);
        assertEquals(code, new Main(Map.of(), folder, out, out).run(flags), () -> all.toString(StandardCharsets.UTF_8));
        return all.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String[] explain(String second, String... more) {
        String[] flags = new String[more.length + 3];
        flags[0] = second;
        System.arraycopy(more, 0, flags, 1, more.length);
        flags[more.length + 1] = "-config";
        flags[more.length + 2] = "waffle.yaml";
        return flags;
    }
}
