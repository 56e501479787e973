// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend given by a name, of whose two addresses one is drained. */
final class AddressDrainIT {

    private static final String DRAIN = "{\"state\":\"draining\"}";

    private final HostsFile hosts;
    private final String token;
    private final List<ScriptedBackend> backends = HostsFile.answering("127.0.0.2", "127.0.0.3");
    private final int port = backends.getFirst().port();
    private final String name = "/api/backends/" + HostsFile.NAME + ":" + port;

    AddressDrainIT(@TempDir Path folder) throws Exception {
        hosts = new HostsFile(folder);
        hosts.resolvesTo("127.0.0.2", "127.0.0.3");
        token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN).toString();
    }

    @AfterEach
    void close() {
        backends.forEach(ScriptedBackend::close);
    }

    @Test
    @DisplayName("one address is drained and taken back under load, and no request fails")
    void drained() throws Exception {
        try (WaffleProcess waffle = start();
                Load load = new Load(waffle.port());
                RawClient client = RawClient.to(waffle.port())) {
            AdminClient admin = AdminClient.of(waffle);
            assertEquals(
                    "draining",
                    admin.change("PATCH", name + "@127.0.0.3", DRAIN).getString("state"));
            assertEquals("127.0.0.2", HostsFile.served(client));
            assertEquals("127.0.0.2 active, 127.0.0.3 draining", told(admin));
            assertTrue(Eventually.holds(
                    () -> admin.get(name + "@127.0.0.3").getJsonObject("status").getInt("in_flight") == 0));
            admin.change("PATCH", name + "@127.0.0.3", "{\"state\":\"active\"}");
            assertEquals("127.0.0.2 127.0.0.3", HostsFile.served(client));
            load.awaitMore(500);
            assertEquals(Map.of(200, load.end()), load.statuses(), waffle::output);
        }
    }

    @Test
    @DisplayName(
            "an address that is gone and comes back is like any other; one that drains does so through a reload that touches no backend")
    void forgotten() throws Exception {
        try (WaffleProcess waffle = start();
                RawClient client = RawClient.to(waffle.port())) {
            AdminClient admin = AdminClient.of(waffle);
            admin.change("PATCH", name + "@127.0.0.3", DRAIN);
            hosts.resolvesTo("127.0.0.2");
            assertTrue(Eventually.holds(() -> told(admin).equals("127.0.0.2 active")));
            hosts.resolvesTo("127.0.0.2", "127.0.0.3");
            assertTrue(Eventually.holds(() -> told(admin).equals("127.0.0.2 active, 127.0.0.3 active")));
            assertEquals("127.0.0.2 127.0.0.3", HostsFile.served(client));
            admin.change("PATCH", name + "@127.0.0.2", "{\"weight\":0}");
            assertEquals("127.0.0.3", HostsFile.served(client));
            admin.change("POST", "/api/reload", "");
            assertEquals("127.0.0.3", HostsFile.served(client));
        }
    }

    @Test
    @DisplayName("an address is neither replaced nor removed, and the error says what can be done")
    void refused() {
        try (WaffleProcess waffle = start()) {
            AdminClient admin = AdminClient.of(waffle);
            String id = HostsFile.NAME + ":" + port;
            for (String method : List.of("PUT", "DELETE")) {
                String body = method.equals("PUT") ? "{\"url\":\"http://" + id + "\"}" : "";
                Response response = admin.send(method, name + "@127.0.0.3", body);
                assertEquals(409, response.status());
                assertEquals(
                        "backend: " + id + "@127.0.0.3 (expected: " + id
                                + ", of which this is one address; a PATCH drains or weighs the address alone)",
                        AdminClient.json(response).getString("error"));
            }
            assertEquals("127.0.0.2 active, 127.0.0.3 active", told(admin));
        }
    }

    private WaffleProcess start() {
        return hosts.start(port, "-dns-interval", "50ms", "-admin", "127.0.0.1:0", "-admin-token-file", token);
    }

    /** What the API says of each address. */
    private String told(AdminClient admin) {
        return admin.get(name).getJsonArray("addresses").getValuesAs(JsonObject.class).stream()
                .map(each -> each.getString("id").replaceFirst(".*@", "") + " " + each.getString("state"))
                .collect(Collectors.joining(", "));
    }
}
