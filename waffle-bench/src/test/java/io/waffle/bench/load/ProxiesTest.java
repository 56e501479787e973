// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stands in the place of Waffle: requests go through, to all backends. */
@Timeout(60)
class ProxiesTest {

    @Test
    void theCopyingFloorTakesOneBackendAfterTheOtherForEachConnection() throws Exception {
        List<LittleServer> backends = three();
        String address = Ports.freeAddress();
        String to =
                String.join(",", backends.stream().map(LittleServer::address).toList());
        try (var proxy = Running.start(PassThrough.PROGRAM, "--listen", address, "--to", to)) {
            for (int i = 0; i < 6; i++) {
                try (HttpClient client = HttpClient.newHttpClient()) {
                    for (int j = 0; j < 10; j++) {
                        assertEquals("hello", get(client, address));
                    }
                }
            }
            for (LittleServer backend : backends) {
                assertEquals(2, backend.accepted());
                assertEquals(20, backend.requests());
            }
            assertEquals(Program.OK, proxy.end());
        } finally {
            close(backends);
        }
    }

    @Test
    void undertowTakesOneBackendAfterTheOtherAndKeepsItsConnections() throws Exception {
        List<LittleServer> backends = three();
        String address = Ports.freeAddress();
        String urls = String.join(
                ",",
                backends.stream().map(backend -> "http://" + backend.address()).toList());
        try (var proxy = Running.start(UndertowProxy.PROGRAM, "--listen", address, "--backends", urls);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 30; i++) {
                assertEquals("hello", get(client, address));
            }
            for (LittleServer backend : backends) {
                assertEquals(10, backend.requests());
                assertTrue(backend.accepted() <= 2, () -> "accepted: " + backend.accepted());
                assertTrue(backend.heads().stream().allMatch(head -> head.contains("X-Forwarded-For: 127.0.0.1\n")));
            }
            assertEquals(Program.OK, proxy.end());
        } finally {
            close(backends);
        }
    }

    @Test
    void anAddressThatIsTakenIsOneLine() throws Exception {
        try (var server = LittleServer.answering(n -> LittleServer.OK)) {
            Run floor = Run.of(PassThrough.PROGRAM, "--listen", server.address(), "--to", server.address());
            Run undertow = Run.of(
                    UndertowProxy.PROGRAM, "--listen", server.address(), "--backends", "http://" + server.address());
            for (Run run : List.of(floor, undertow)) {
                assertEquals(Program.FAILED, run.code());
                assertEquals(1, run.err().lines().count(), run.err());
            }
        }
    }

    private static String get(HttpClient client, String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/"))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static List<LittleServer> three() throws Exception {
        List<LittleServer> servers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            servers.add(LittleServer.answering(n -> LittleServer.OK));
        }
        return servers;
    }

    private static void close(List<LittleServer> servers) throws Exception {
        for (LittleServer server : servers) {
            server.close();
        }
    }
}
