// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a page tells its readers to type. */
final class DocumentedCommandsIT {

    @Test
    @DisplayName("each command of the page about the admin API works as it stands, in the order of the page")
    void adminApi(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("admin.token"), AdminClient.TOKEN + "\n");
        Path hosts = Files.writeString(
                folder.resolve("hosts"),
                "127.0.0.1 localhost\n10.0.0.7 app1\n10.0.0.8 app1\n10.0.0.9 app2\n10.0.0.10 app3\n10.0.0.11 blue\n10.0.0.12 green\n");
        Path file = Files.writeString(folder.resolve("waffle.yaml"), """
                listeners: {tls: {address: "127.0.0.1:0"}}
                pools: {app: {backends: [http://blue]}, green: {backends: [http://green]}}
                routes: [{name: api, hosts: [api.example.org], to: app}, {name: rest}]
                """);
        try (WaffleProcess waffle = WaffleProcess.start(
                Map.of("WAFFLE_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts),
                "-backends",
                "http://app1:3000,http://app2:3000",
                "-config",
                file.toString(),
                "-admin",
                "127.0.0.1:0",
                "-admin-token-file",
                folder.resolve("admin.token").toString())) {
            int port = AdminClient.of(waffle).port();
            List<String> commands = commands(Files.readString(page()), port);
            assertTrue(commands.stream().filter(line -> line.startsWith("curl")).count() > 10, commands::toString);
            for (int i = 0; i < commands.size(); i++) {
                if (commands.get(i).startsWith("curl")) {
                    assertWorks(commands.subList(0, i), commands.get(i), folder);
                }
            }
        }
    }

    /** The assignments of the page's shell, and what it asks for with them. */
    private static List<String> commands(String page, int port) {
        List<String> commands = new ArrayList<>();
        for (String line : page.lines()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .toList()) {
            if (line.matches("[ATJ]=.*") || line.startsWith("curl ")) {
                commands.add(line.replace("127.0.0.1:9901", "127.0.0.1:" + port));
            }
        }
        return commands;
    }

    private static void assertWorks(List<String> before, String command, Path folder)
            throws IOException, InterruptedException {
        String settings = String.join(
                "\n", before.stream().filter(line -> !line.startsWith("curl")).toList());
        String curl = command.replaceFirst("curl", "curl -sS -o answer -w '%{http_code}'");
        Process shell = new ProcessBuilder("sh", "-c", settings + "\n" + curl)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String status = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(
                shell.waitFor() == 0 && status.matches("2\\d\\d"),
                command + ": " + status + " " + Files.readString(folder.resolve("answer")));
    }

    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/admin-api.md"))) {
            here = Objects.requireNonNull(here.getParent(), "docs/admin-api.md");
        }
        return here.resolve("docs/admin-api.md");
    }
}
