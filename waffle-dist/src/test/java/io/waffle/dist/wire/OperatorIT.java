// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import io.waffle.dist.WaffleProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a start, and the commands for a Waffle that runs. */
final class OperatorIT {

    private final Path folder;

    OperatorIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName(
            "a start says what it balances over, who it is, and how it is reloaded and stopped; waffle reload and stop do that")
    void byPidFile() throws IOException {
        Path pid = folder.resolve("waffle.pid");
        try (Site site = Site.open(1, "-pid-file", pid.toString())) {
            WaffleProcess waffle = site.waffle();
            String name = "127.0.0.1:" + site.backend(0).port();
            String process = "process " + waffle.pid();
            assertTrue(Eventually.holds(() -> waffle.output().contains(process + ": kill -HUP")), waffle::output);
            assertTrue(waffle.output().contains("pool default: "), waffle::output);
            assertTrue(waffle.output().contains(name), waffle::output);
            assertTrue(waffle.output().contains("checks are off (-health-check-path), ejection is on"), waffle::output);
            assertFalse(waffle.output().contains("\u001b"), waffle::output);
            assertEquals(waffle.pid() + "\n", Files.readString(pid));

            assertEquals(
                    new Ended(0, process + " reads its configuration anew; its log says what comes of it\n"),
                    WaffleProcess.run("reload", "-pid-file", pid.toString()));
            assertTrue(Eventually.holds(() -> waffle.output().contains("reloaded (SIGHUP)")), waffle::output);

            assertEquals(
                    new Ended(0, process + " has stopped\n"), WaffleProcess.run("stop", "-pid-file", pid.toString()));
            assertEquals(0, waffle.awaitEnd().code());
            assertFalse(Files.exists(pid));
        }
    }

    @Test
    @DisplayName("waffle reload by the admin API says what came of it")
    void byAdminApi() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN);
        try (Site site = Site.open(1, "-admin", "127.0.0.1:0", "-admin-token-file", token.toString())) {
            String admin = "127.0.0.1:" + AdminClient.of(site.waffle()).port();
            String[] reload = {"reload", "-admin", admin, "-admin-token-file", token.toString()};
            assertEquals(new Ended(0, "reloaded\n"), WaffleProcess.run(reload));
            Files.writeString(token, "another-secret-that-is-long");
            Ended ended = WaffleProcess.run(reload);
            assertEquals(1, ended.code(), ended.output());
            assertTrue(ended.output().contains("401") && ended.output().contains("Authorization"), ended.output());
        }
    }

    @Test
    @DisplayName("commands for a Waffle that is not there say why it cannot be asked")
    void nobodyThere() throws IOException {
        Path pid = folder.resolve("waffle.pid");
        assertFails("stop: no pid file is configured (expected: -pid-file FILE", "stop");
        assertFails(
                "there is no such file or folder (expected: the pid file of a Waffle",
                "stop",
                "-pid-file",
                pid.toString());
        Files.writeString(pid, "4194399\n"); // past the greatest number there can be
        assertFails("is no Waffle that runs", "reload", "-pid-file", pid.toString());
        Files.writeString(pid, "one");
        assertFails("no number in it", "reload", "-pid-file", pid.toString());
        Files.writeString(pid, ProcessHandle.current().pid() + "\n");
        assertFails("is no Waffle that runs", "stop", "-pid-file", pid.toString());
    }

    @Test
    @DisplayName("a signal that is ignored is told of at the start, with what there is in its place")
    void ignored() {
        List<String> command = List.of(
                "sh",
                "-c",
                "trap '' HUP INT; exec \"$0\" -listen 127.0.0.1:0 -backends http://127.0.0.1:1",
                WaffleProcess.launcher().toString());
        try (WaffleProcess waffle = WaffleProcess.launch(command, Map.of(), folder)) {
            waffle.awaitListening();
            for (String told : List.of(
                    "SIGINT is ignored",
                    "SIGHUP is ignored, as nohup has it: reload by the admin API, or with -watch")) {
                assertTrue(Eventually.holds(() -> waffle.output().contains(told)), waffle::output);
            }
        }
    }

    @Test
    @DisplayName("strategies are where others find them, not where this process has them open")
    void realPlaces() {
        Ended ended = WaffleProcess.run("version");
        assertEquals(0, ended.code());
        assertTrue(
                ended.output().contains(", " + WaffleProcess.home().resolve("lib/waffle-strategy-iphash-")),
                ended.output());
        assertFalse(ended.output().contains("/proc/"), ended.output());
    }

    private static void assertFails(String message, String... command) {
        Ended ended = WaffleProcess.run(command);
        assertEquals(1, ended.code(), ended.output());
        assertTrue(ended.output().contains(message), ended.output());
    }
}
