// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several pools, each with what it says of itself, and the rest as the top has it. */
final class PoolsIT {

    private final List<ScriptedBackend> backends = NumberedBackends.start(6);
    private final ScriptedBackend secure = ScriptedBackend.startTls(
            TestCertificates.serverContext(TestCertificates.shared().rsa()));

    @AutoClose
    private final ConfiguredWaffle waffle;

    PoolsIT(@TempDir Path folder) {
        waffle = ConfiguredWaffle.start(folder, """
                listen: 127.0.0.1:0
                load_balancing: {strategy: round-robin}
                pools:
                  turns: {backends: [%s, %s]}
                  hashed: {backends: [%s, %s], load_balancing: {strategy: ip-hash}, sticky: {cookie: w}}
                  checked: {backends: [%s, %s], health_checking: {path: /healthz, interval: 50ms, timeout: 5s}}
                  secure: {backends: [%s], backend_tls: {verify: false}}
                routes:
                  - {name: turns, path: /turns, to: turns}
                  - {name: hashed, path: /hashed, to: hashed}
                  - {name: checked, path: /checked, to: checked}
                  - {name: secure, path: /secure, to: secure}
                """.formatted(Stream.concat(backends.stream(), Stream.of(secure))
                .map(ScriptedBackend::url)
                .toArray()));
    }

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
        secure.close();
    }

    private Response get(String path) {
        try (RawClient client = RawClient.to(waffle.port())) {
            return client.exchangeGet(path);
        }
    }

    private Set<String> served(String path) {
        Set<String> served = new TreeSet<>();
        IntStream.range(0, 10).forEach(i -> served.add(get(path).text()));
        return served;
    }

    @Test
    @DisplayName("each has its own strategy and cookie")
    void strategies() {
        assertEquals(Set.of("0", "1"), served("/turns"));
        assertEquals(1, served("/hashed").size());
        assertTrue(get("/hashed").value("Set-Cookie").orElseThrow().startsWith("w="));
        assertTrue(get("/turns").value("Set-Cookie").isEmpty());
    }

    @Test
    @DisplayName("each is checked as it says, and what is down in one is not down in another")
    void health() {
        backends.get(4).on(ScriptedBackend.answering(500, "ill"));
        assertTrue(Eventually.holds(() -> served("/checked").equals(Set.of("5"))));
        assertEquals(Set.of("0", "1"), served("/turns"));
        assertTrue(
                backends.get(0).taken().stream()
                        .noneMatch(request -> request.head().target().equals("/healthz")),
                "it is not checked");
    }

    @Test
    @DisplayName("each speaks to its backends as it says")
    void tls() {
        assertEquals("ok", get("/secure").text());
        assertTrue(Set.of("0", "1").contains(get("/turns").text()));
    }
}
