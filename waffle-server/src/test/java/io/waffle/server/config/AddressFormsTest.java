// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.ClientAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressFormsTest {

    @ParameterizedTest
    @CsvSource({
        "http://app1, http://app1:80, app1:80, app1, 80",
        "HTTPS://App1.Example/, https://app1.example:443, app1.example:443, app1.example, 443",
        "http://app1:3000/v1//, http://app1:3000/v1, app1:3000/v1, app1, 3000",
        "http://my_app:3000, http://my_app:3000, my_app:3000, my_app, 3000",
        "http://[::1]:3000, http://[::1]:3000, [::1]:3000, ::1, 3000",
        "http://[2001:DB8::A]/x%20y, http://[2001:db8::a]:80/x%20y, [2001:db8::a]:80/x%20y, 2001:db8::a, 80",
        "http://10.0.0.1:1/a/b, http://10.0.0.1:1/a/b, 10.0.0.1:1/a/b, 10.0.0.1, 1"
    })
    void backendsHaveOneSpelling(String text, String uri, String id, String host, int port) throws InvalidValue {
        BackendConfig backend = Configs.backend(BackendUrl.parse(text), 1, Map.of());
        assertEquals(uri, backend.uri().toString());
        assertEquals(id, backend.id());
        assertEquals(host, backend.host().text());
        assertEquals(port, backend.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app1",
                "app1:3000",
                "ftp://app1",
                "http:/app1",
                "http://",
                "http://:80",
                "http://app1:0",
                "http://app1:",
                "http://app1:70000",
                "http://app1:80a",
                "http://a b",
                "http://u:p@app1",
                "http://app1?x",
                "http://app1#x",
                "http://app1/../x",
                "http://app1/%zz",
                "http://app1/ä",
                "http://[::1",
                "http://::1:80",
                "http://[1.2.3.4]",
                "http://1.2.3",
                "http://256.1.1.1",
                "http://-app",
                "http://[fe80::1%25eth0]:80"
            })
    void whatIsNoBackendIsRefused(String text) {
        assertThrows(InvalidValue.class, () -> BackendUrl.parse(text));
    }

    /** Read by hand for speed; regular expressions say the same more plainly. */
    @Test
    void namesAddressesAndPathsAreThoseOfTheGrammar() {
        Pattern name = Pattern.compile(
                "(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.?");
        Pattern ipv4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
        Pattern number = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");
        Pattern path = Pattern.compile("/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f][0-9A-Fa-f])*+");
        Random random = new Random(12);
        for (int i = 0; i < 100_000; i++) {
            String host = random.nextInt(100) == 0 ? "a".repeat(62 + random.nextInt(4)) : of(random, "012569.ax-_", 15);
            boolean known = number.matcher(host).matches()
                    ? ipv4.matcher(host).matches()
                    : name.matcher(host).matches();
            assertEquals(known, isBackend("http://" + host), host);
            String prefix = "/" + of(random, "a0%F@;ä|\\", 8);
            assertEquals(path.matcher(prefix).matches(), isBackend("http://a" + prefix), prefix);
        }
    }

    private static String of(Random random, String characters, int most) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(most + 1); length > 0; length--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    private static boolean isBackend(String url) {
        try {
            BackendUrl.parse(url);
            return true;
        } catch (InvalidValue e) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        ":8080, '', 8080",
        "127.0.0.1:0, 127.0.0.1, 0",
        "[::1]:8080, ::1, 8080",
        "localhost:65535, localhost, 65535"
    })
    void listenAddresses(String text, String host, int port) throws InvalidValue {
        ListenAddress address = AddressForms.LISTEN.read(given(text));
        assertEquals(host, address.host().map(Host::text).orElse(""));
        assertEquals(port, address.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "8080", ":", ":65536", ":-1", "::1:80", "host", "[::1]", "[::1", "a b:80", "http://a:80"})
    void whatIsNoListenAddressIsRefused(String text) {
        assertThrows(InvalidValue.class, () -> AddressForms.LISTEN.read(given(text)));
    }

    @Test
    void blocks() throws Exception {
        Cidr ten = AddressForms.CIDR.read(given("10.0.0.0/8"));
        assertTrue(ten.contains(address("10.255.0.1")));
        assertFalse(ten.contains(address("11.0.0.1")));
        Cidr local = AddressForms.CIDR.read(given("fd00::/8"));
        assertTrue(local.contains(address("fd12::1")));
        assertFalse(local.contains(address("fe80::1")));
        Cidr one = AddressForms.CIDR.read(given("192.0.2.1"));
        assertTrue(one.contains(address("192.0.2.1")));
        assertFalse(one.contains(address("192.0.2.2")));
        assertTrue(AddressForms.CIDR.read(given("0.0.0.0/0")).contains(address("8.8.8.8")));
        assertFalse(AddressForms.CIDR.read(given("0.0.0.0/0")).contains(address("::1")));
        InvalidValue slip = assertThrows(InvalidValue.class, () -> AddressForms.CIDR.read(given("10.1.2.3/8")));
        assertTrue(slip.expected().contains("10.0.0.0/8"), slip.expected());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "host", "::/129", "10.0.0.0/8/8", "10.0.0.0/-1"})
    void whatIsNoBlockIsRefused(String text) {
        assertThrows(InvalidValue.class, () -> AddressForms.CIDR.read(given(text)));
    }

    private static RawValue given(String text) {
        return new RawValue(text, Origin.flag(0, "test"), Path.of(""));
    }

    private static ClientAddress address(String text) {
        return ClientAddress.of(InetAddress.ofLiteral(text));
    }
}
