// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.RateConfig.Key;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of clients, and where: rates and their names, lists and their files, and what a section has for itself. */
class AccessReadingTest {

    @TempDir
    Path folder;

    @Test
    void routeGoesByItsOwnRateOrThatOfTheTop() throws IOException {
        WaffleConfig config = read("""
                limits:
                  rate: slow
                  rates:
                    slow: {rate: 10/m, burst: 3, key: "header:X-Key", mode: log}
                    fast: {rate: 50/s}
                routes:
                  - {name: a}
                  - {name: b, path: /b, limits: {rate: fast}}
                  - {name: c, path: /c, limits: {rate: 7/h}}
                """).config();
        assertEquals(
                new RateConfig("slow", 10, Duration.ofMinutes(1), 3, Key.HEADER, "X-Key", false),
                config.routes().get(0).rate().orElseThrow());
        assertEquals(
                new RateConfig("fast", 50, Duration.ofSeconds(1), 50, Key.CLIENT, "", true),
                config.routes().get(1).rate().orElseThrow());
        assertEquals(
                new RateConfig("7/h", 7, Duration.ofHours(1), 7, Key.CLIENT, "", true),
                config.routes().get(2).rate().orElseThrow());
    }

    @Test
    void fileIsReadOnceForAllWhoGoByIt() throws IOException {
        Files.writeString(folder.resolve("blocks.txt"), "192.0.2.0/24\n");
        Configuration read = read("""
                access: {deny_file: blocks.txt}
                routes:
                  - {name: a}
                  - {name: b, path: /b, limits: {rate: 7/h}}
                  - {name: c, path: /c, access: {allow: [2001:db8::/32]}}
                """);
        WaffleConfig config = read.config();
        AccessConfig of = config.routes().get(0).access();
        assertTrue(!of.serves(address("192.0.2.9")) && of.serves(address("198.51.100.1")));
        assertSame(of.deny(), config.routes().get(1).access().deny());
        AccessConfig own = config.routes().get(2).access();
        assertTrue(own.serves(address("2001:db8::1")) && !own.serves(address("198.51.100.1")));
        assertSame(of.deny(), own.deny());
        assertEquals(List.of(folder.resolve("blocks.txt")), config.accessLists());
    }

    @Test
    void listenersAndPoolsSayForThemselvesWhoSpeaksThePROXYProtocol() throws IOException {
        WaffleConfig config = read("""
                proxy_protocol: {from: [10.0.0.0/8], send: v1}
                listeners:
                  inner: {address: ":8081", proxy_protocol: {from: []}, limits: {client_connections: 5}}
                  outer: {address: ":8082"}
                pools:
                  plain: {backends: [http://b], proxy_protocol: {send: off}}
                """).config();
        Map<String, ListenerConfig> listeners = new HashMap<>();
        config.listeners().forEach(each -> listeners.put(each.name(), each));
        assertTrue(listeners.get("outer").proxyProtocol().from().contains(address("10.1.1.1")));
        assertEquals(5, listeners.get("inner").limits().clientConnections());
        assertEquals(0, listeners.get("outer").limits().clientConnections());
        Map<String, PoolConfig> pools = new HashMap<>();
        config.pools().forEach(each -> pools.put(each.name(), each));
        assertEquals(
                ProxyProtocolConfig.Send.V1,
                pools.get("default").proxyProtocol().send());
        assertEquals(
                ProxyProtocolConfig.Send.OFF, pools.get("plain").proxyProtocol().send());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits: {rate: quick, rates: {quickly: {rate: 1/s}}}|waffle.yaml:1: limits.rate: unknown rate (did you mean quickly?)",
                "limits: {rate: 50}|waffle.yaml:1: limits.rate: 50 (expected: a name of limits.rates, or a number of 1 to 1000000 with /s, /m, /h or /d, such as 50/s)",
                "limits: {rates: {a: {burst: 2}}}|waffle.yaml:1: limits.rates.a: no rate (expected: a rate, such as rate: 50/s)",
                "limits: {rates: {a: {rate: 0/s}}}|waffle.yaml:1: limits.rates.a.rate: 0/s (expected: a number of 1 to 1000000 with /s, /m, /h or /d, such as 50/s)",
                "limits: {rates: {a: {rate: 1/w}}}|waffle.yaml:1: limits.rates.a.rate: 1/w (expected: a number of 1 to 1000000 with /s, /m, /h or /d, such as 50/s)",
                "limits: {rates: {a: {rate: 1/s, key: ip}}}|waffle.yaml:1: limits.rates.a.key: ip (expected: client, route, header:NAME or cookie:NAME)",
                "limits: {rates: {a: {rate: 1/s, mode: off}}}|waffle.yaml:1: limits.rates.a.mode: off (expected: one of enforce, log)",
                "limits: {rates: {a: {rate: 1/s, burst: 0}}}|waffle.yaml:1: limits.rates.a.burst: 0 (expected: a whole number of 1 to 1000000)",
                "limits: {rates: {A: {rate: 1/s}}}|waffle.yaml:1: limits.rates.A: A (expected: lower-case letters, digits and dashes, beginning with a letter, at most 63)",
                "access: {deny: [10.0.0.1/8]}|waffle.yaml:1: access.deny[0]: 10.0.0.1/8 (expected: no bits beyond the prefix, so 10.0.0.0/8)",
            })
    void wrongOneIsNamed(String yaml, String problem) throws IOException {
        assertEquals(
                List.of(folder + "/" + problem),
                read(yaml + "\n").problems().stream().map(Problem::toString).toList());
    }

    private Configuration read(String yaml) throws IOException {
        Files.writeString(folder.resolve("waffle.yaml"), yaml);
        return Loading.load(
                Map.of(CommandSettings.CONFIG, List.of("waffle.yaml"), BackendSettings.BACKENDS, List.of("http://a")),
                Map.of(),
                folder);
    }

    private static ClientAddress address(String text) {
        return ClientAddress.of(InetAddress.ofLiteral(text));
    }
}
