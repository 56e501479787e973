// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
        String own = BACKEND.matcher(yaml.replaceAll("\":\\d+\"", "\"127.0.0.1:0\""))
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

    /** Answers with its name and what it was asked for. */
    private static ScriptedBackend backend(String name) {
        return ScriptedBackend.start().on(request -> {
            request.readBody();
            request.connection().answer(200, name + " " + request.head().target());
        });
    }

    private static void ask(String line, int port, AdminClient admin) {
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
