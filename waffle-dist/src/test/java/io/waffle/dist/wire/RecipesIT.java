// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What docs/recipes.md says, it does: each configuration is taken out of the page, and asked what the page asks it. */
final class RecipesIT {

    private static final Pattern RECIPE = Pattern.compile(
            "## ([^\\n]+)\\n(?:(?!\\n## ).)*?```yaml\\n(.*?)```\\n\\n```text\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern BACKEND = Pattern.compile("http://([a-z]+1):3000");
    private static final Pattern ASKED = Pattern.compile("http://([^/]+)(/\\S*)(?: +([\\w-]+: \\S+))? +-> (.*)");
    private static final Pattern TUNNEL = Pattern.compile("ws://([^/]+)(/\\S*) +-> a tunnel to (\\w+)");
    private static final Pattern INTRODUCED =
            Pattern.compile("PROXY v([12]) ([\\d.]+) (http://\\S+) +-> (.*) for (.*)");
    private static final Pattern CLOSED = Pattern.compile("(http://\\S+) +-> closed");
    private static final Pattern CHANGE = Pattern.compile("PATCH (\\w+) (.*)");
    private static final Pattern WEB = Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+) \\(web\\)");
    private static final int RECIPES = 8;

    private final Path folder;

    RecipesIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @TestFactory
    Stream<DynamicTest> recipes() throws IOException {
        String page = Files.readString(
                Path.of(System.getProperty("waffle.build.root")).resolve("docs/recipes.md"));
        Map<String, MatchResult> found = new LinkedHashMap<>();
        RECIPE.matcher(page).results().forEach(recipe -> found.put(recipe.group(1), recipe));
        assertEquals(RECIPES, found.size(), found.keySet()::toString);
        return found.entrySet().stream()
                .map(recipe -> DynamicTest.dynamicTest(
                        recipe.getKey(),
                        () -> run(recipe.getValue().group(2), recipe.getValue().group(3))));
    }

    private void run(String yaml, String asked) throws IOException {
        Map<String, ScriptedBackend> backends = new LinkedHashMap<>();
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
        TestCertificates.shared().rsa().write(folder, "server");
        String here =
                yaml.replaceAll("\":\\d+\"", "\"127.0.0.1:0\"").replace("from: [192.0.2.0/24]", "from: [127.0.0.0/24]");
        String own = BACKEND.matcher(here)
                .replaceAll(name -> backends.computeIfAbsent(name.group(1), RecipesIT::backend)
                        .url());
        try (ConfiguredWaffle waffle =
                ConfiguredWaffle.start(folder, own, "-admin", "127.0.0.1:0", "-admin-token-file", token.toString())) {
            int port = Integer.parseInt(waffle.process().awaitOutput(WEB).group(1));
            AdminClient admin = AdminClient.of(waffle.process());
            asked.lines().forEach(line -> ask(line, port, admin));
        } finally {
            backends.values().forEach(ScriptedBackend::close);
        }
    }

    /** Answers with its name, what it was asked for and by whom, and says in a tunnel what it is told. */
    private static ScriptedBackend backend(String name) {
        return ScriptedBackend.start().on(request -> {
            String client = String.join(", ", request.head().values("X-Forwarded-For"));
            String fields = "X-Name: " + name + "\r\nX-Client: " + client + "\r\n";
            if (request.head().has("Upgrade")) {
                Tunnels.echo(request.connection(), fields);
                return;
            }
            request.readBody();
            String text = name + " " + request.head().target();
            request.connection()
                    .write("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + text.length() + "\r\n\r\n" + text);
        });
    }

    private static void ask(String line, int port, AdminClient admin) {
        Matcher tunnel = TUNNEL.matcher(line);
        Matcher introduced = INTRODUCED.matcher(line);
        Matcher closed = CLOSED.matcher(line);
        if (tunnel.matches()) {
            open(tunnel, port);
        } else if (introduced.matches()) {
            introduce(introduced, port);
        } else if (closed.matches()) {
            try (RawClient client = RawClient.to(port)) {
                client.send(get(closed.group(1), "")).awaitEnd();
            }
        } else {
            askPlainly(line, port, admin);
        }
    }

    private static String get(String url, String fields) {
        String rest = url.substring("http://".length());
        int slash = rest.indexOf('/');
        return "GET " + rest.substring(slash) + " HTTP/1.1\r\nHost: " + rest.substring(0, slash) + "\r\n" + fields
                + "\r\n";
    }

    private static void open(Matcher tunnel, int port) {
        String upgrade = """
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                """;
        try (RawClient client = RawClient.to(port)) {
            Head head = client.send(get("http://" + tunnel.group(1) + tunnel.group(2), upgrade))
                    .readHead();
            assertEquals(101, head.status());
            assertEquals(List.of(tunnel.group(3)), head.values("X-Name"));
            assertTrue(Tunnels.isOpen(client));
        }
    }

    /** As a balancer of connections does, which then passes on what the client sends. */
    private static void introduce(Matcher introduced, int port) {
        String client = introduced.group(2);
        byte[] header = introduced.group(1).equals("1")
                ? ("PROXY TCP4 " + client + " 198.51.100.1 54321 80\r\n").getBytes(StandardCharsets.US_ASCII)
                : binary(client);
        try (RawClient balancer = RawClient.to(port)) {
            Response answer = balancer.send(header).exchange(get(introduced.group(3), ""));
            assertEquals(introduced.group(4), answer.text());
            assertEquals(introduced.group(5), answer.value("X-Client").orElse(""));
        }
    }

    private static byte[] binary(String client) {
        StringBuilder hex = new StringBuilder("0d0a0d0a000d0a515549540a2111000c");
        for (String octet : client.split("\\.", -1)) {
            hex.append("%02x".formatted(Integer.parseInt(octet)));
        }
        return HexFormat.of().parseHex(hex.append("c6336401d4310050"));
    }

    private static void askPlainly(String line, int port, AdminClient admin) {
        Matcher change = CHANGE.matcher(line);
        if (change.matches()) {
            admin.change("PATCH", "/api/routes/" + change.group(1), change.group(2));
            return;
        }
        Matcher request = ASKED.matcher(line);
        assertTrue(request.matches(), line);
        String field = request.group(3) == null ? "" : request.group(3) + "\r\n";
        try (RawClient client = RawClient.to(port)) {
            Response answer = client.exchange(
                    "GET " + request.group(2) + " HTTP/1.1\r\nHost: " + request.group(1) + "\r\n" + field + "\r\n");
            String outcome = answer.value("Location")
                    .map(to -> answer.status() + " " + to)
                    .orElse("" + answer.status());
            boolean own = request.group(4).matches("\\d{3}.*");
            assertEquals(request.group(4), own ? outcome : answer.text(), line);
        }
    }
}
