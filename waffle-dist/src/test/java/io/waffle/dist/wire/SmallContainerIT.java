// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waffle.dist.WaffleProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The least container there is a promise for (docs/operations.md, Memory): one that takes too much in it is ended by the host. */
final class SmallContainerIT {

    private static final int MIB = 64;
    private static final int CLIENTS = 64;

    /** Of each client, one of them for a large reply. */
    private static final int REQUESTS = 24;

    private static final int LARGE = 1 << 20;

    private final Path folder;

    SmallContainerIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest(name = "Waffle serves " + CLIENTS + " clients in a container of " + MIB + " MiB: {0}")
    @ValueSource(strings = {"http", "https"})
    void serves(String scheme) throws Exception {
        Optional<ControlGroup> made = ControlGroup.ofMemory(
                "waffle-" + scheme + "-" + ProcessHandle.current().pid(), MIB);
        assumeTrue(made.isPresent(), "no control group can be made here");
        boolean tls = scheme.equals("https");
        try (ControlGroup group = made.get();
                ScriptedBackend backend = ScriptedBackend.start().on(SmallContainerIT::answer);
                Site site = Site.of(start(group, backend, tls), List.of(backend))) {
            askAll(site, tls);
            assertTrue(site.waffle().isAlive(), site.waffle().output());
        }
    }

    private WaffleProcess start(ControlGroup group, ScriptedBackend backend, boolean tls) throws Exception {
        List<String> command =
                new ArrayList<>(group.running(WaffleProcess.launcher().toString()));
        command.addAll(List.of("-listen", "127.0.0.1:0", "-backends", backend.url()));
        if (tls) {
            Path certificate = TestCertificates.shared().ec().write(folder, "server");
            command.addAll(List.of("-tls-cert", certificate.toString()));
            command.addAll(List.of("-tls-key", folder.resolve("server.key").toString()));
        }
        return WaffleProcess.launch(command, Map.of(), folder);
    }

    private static void answer(BackendRequest request) throws Exception {
        int size = request.head().target().equals("/large") ? LARGE : 1;
        request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
        Content.send(size, request.connection().socket().getOutputStream());
    }

    private static void askAll(Site site, boolean tls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = Stream.<Future<?>>generate(() -> threads.submit(() -> ask(site, tls)))
                    .limit(CLIENTS)
                    .toList();
            for (Future<?> client : clients) {
                client.get();
            }
        }
    }

    private static void ask(Site site, boolean tls) {
        try (RawClient client =
                tls ? RawClient.overTls(site.port(), TestCertificates.shared().clientContext()) : site.client()) {
            for (int i = 0; i < REQUESTS; i++) {
                Response response = client.exchangeGet(i == REQUESTS / 2 ? "/large" : "/");
                assertEquals(200, response.status());
            }
        }
    }
}
