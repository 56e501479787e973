// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends given by a name, whose addresses change: those of a hosts file of the test's own. */
final class NamesIT {

    private final HostsFile hosts;
    private final List<ScriptedBackend> backends = HostsFile.answering("127.0.0.2", "127.0.0.3", "127.0.0.4");
    private final ScriptedBackend two = backends.get(0);
    private final ScriptedBackend three = backends.get(1);

    NamesIT(@TempDir Path folder) {
        hosts = new HostsFile(folder);
    }

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
    }

    @Test
    @DisplayName(
            "each address of a name is a backend of its own, and traffic follows when they change; no request fails")
    void follows() throws Exception {
        hosts.resolvesTo("127.0.0.2", "127.0.0.3");
        try (WaffleProcess waffle = start("-dns-interval", "50ms");
                Load load = new Load(waffle.port());
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals("127.0.0.2 127.0.0.3", HostsFile.served(client));
            hosts.resolvesTo("127.0.0.3", "127.0.0.4");
            assertTrue(Eventually.holds(() -> HostsFile.served(client).equals("127.0.0.3 127.0.0.4")));
            waffle.awaitOutput(Pattern.compile(Pattern.quote(
                    HostsFile.NAME + " is at 127.0.0.3, 127.0.0.4 now, and was at 127.0.0.2, 127.0.0.3")));
            load.awaitMore(500);
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle::output);
        }
    }

    @Test
    @DisplayName("a name that does not resolve any more keeps its last addresses, which is said once")
    void lastAnswerStays() throws Exception {
        hosts.resolvesTo("127.0.0.2", "127.0.0.3");
        try (WaffleProcess waffle = start("-dns-interval", "20ms");
                RawClient client = RawClient.to(waffle.port())) {
            hosts.resolvesTo();
            waffle.awaitOutput(Pattern.compile("does not resolve; its last addresses stay: 127.0.0.2, 127.0.0.3"));
            for (int i = 0; i < 20; i++) {
                assertEquals("127.0.0.2 127.0.0.3", HostsFile.served(client));
            }
            hosts.resolvesTo("127.0.0.4");
            assertTrue(Eventually.holds(() -> HostsFile.served(client).equals("127.0.0.4")));
            waffle.awaitOutput(Pattern.compile(HostsFile.NAME + " resolves again"));
            assertEquals(1, waffle.countInOutput("does not resolve"));
        }
    }

    @Test
    @DisplayName("a name that does not resolve at the start is a warning and 502, until it does")
    void unknownAtStart() throws Exception {
        hosts.resolvesTo();
        try (WaffleProcess waffle = start("-dns-interval", "50ms");
                RawClient client = RawClient.to(waffle.port())) {
            waffle.awaitOutput(Pattern.compile("does not resolve; requests sent there fail with 502 until it does"));
            assertEquals(502, client.exchangeGet("/").status());
            hosts.resolvesTo("127.0.0.2");
            assertTrue(Eventually.holds(() -> client.exchangeGet("/").status() == 200));
        }
    }

    @Test
    @DisplayName("checks look at each address by itself, and ask it for the name")
    void checks() throws Exception {
        hosts.resolvesTo("127.0.0.2", "127.0.0.3");
        three.on(request ->
                request.connection().answer(request.head().target().equals("/well") ? 503 : 200, "127.0.0.3"));
        try (WaffleProcess waffle = start(
                        "-health-check-path", "/well", "-health-check-interval", "50ms", "-health-check-fall", "1");
                RawClient client = RawClient.to(waffle.port())) {
            waffle.awaitOutput(Pattern.compile(HostsFile.NAME + ":\\d+@127.0.0.3 is down"));
            assertEquals("127.0.0.2", HostsFile.served(client));
            Head check = two.taken().stream()
                    .map(BackendRequest::head)
                    .filter(head -> head.target().equals("/well"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(List.of(HostsFile.NAME + ":" + two.port()), check.values("Host"));
        }
    }

    @Test
    @DisplayName("with an interval of 0s a name is one backend")
    void off() throws Exception {
        hosts.resolvesTo("127.0.0.2", "127.0.0.3");
        try (WaffleProcess waffle =
                        start("-dns-interval", "0s", "-access-log", "-", "-access-log-format", "to {backend}");
                RawClient client = RawClient.to(waffle.port())) {
            assertEquals(200, client.exchangeGet("/").status());
            waffle.awaitOutput(Pattern.compile("to " + HostsFile.NAME + ":" + two.port() + "\n"));
        }
    }

    private WaffleProcess start(String... arguments) {
        return hosts.start(two.port(), arguments);
    }
}
