// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The files that bodies are kept in for a repetition: when they are there, and what becomes of a request when they cannot be. */
final class ReplayFileIT {

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "looks at the open files of the process")
    @DisplayName("a file of a body has no name, and is gone with the request, also if its client leaves")
    void fileIsGone(@TempDir Path folder) throws Exception {
        try (Site site = Uploads.Place.FILE.open(folder)) {
            CountDownLatch answer = new CountDownLatch(1);
            for (ScriptedBackend backend : site.backends()) {
                backend.on(request -> {
                    Uploads.receive(request);
                    answer.await();
                    request.connection().answer(200, "ok");
                });
            }
            try (RawClient stays = site.client();
                    RawClient leaves = site.client();
                    RawClient breaksOff = site.client()) {
                Uploads.send(stays, "PUT", false);
                Uploads.send(leaves, "PUT", true);
                breaksOff.send("PUT / HTTP/1.1\r\nHost: waffle.test\r\nContent-Length: " + Uploads.SIZE + "\r\n\r\n");
                Content.send(Uploads.SIZE / 2, breaksOff.socket().getOutputStream());
                assertTrue(Eventually.holds(() -> site.waffle().openFiles(folder + "/waffle-") == 3));
                assertEquals(List.of(), Uploads.listing(folder));
                leaves.reset();
                breaksOff.reset();
                assertTrue(Eventually.holds(() -> site.waffle().openFiles(folder + "/waffle-") == 1));
                answer.countDown();
                assertEquals(200, stays.read().status());
                assertTrue(Eventually.holds(() -> site.waffle().openFiles(folder + "/waffle-") == 0));
            }
            assertEquals(List.of(), Uploads.listing(folder));
        }
    }

    @Test
    @DisplayName("a folder that is gone: uploads pass, but cannot be repeated, and the log says why")
    void noFolder(@TempDir Path temp) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("bodies"));
        try (Site site = Uploads.Place.FILE.open(folder)) {
            Files.delete(folder);
            site.backends().forEach(backend -> backend.on(Uploads::confirm));
            assertEquals(
                    Long.toString(Uploads.SIZE),
                    Uploads.exchange(site, "PUT", false).text());
            site.waffle()
                    .awaitOutput(Pattern.compile("request bodies: one cannot be kept for a repetition, in "
                            + Pattern.quote(folder.toString()) + ": there is no such file or folder"));
            site.backends()
                    .forEach(backend -> backend.on(request -> {
                        Uploads.receive(request);
                        request.connection().reset();
                    }));
            assertEquals(502, Uploads.exchange(site, "PUT", false).status());
        }
    }

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "ulimit -f counts in blocks of 512 bytes, and EFBIG is named in English")
    @DisplayName(
            "a disk that fills up in the midst of a body: the upload passes, byte for byte, but is not repeated, and the log says so once; what fits is repeated")
    void fullDisk(@TempDir Path folder) throws IOException {
        List<ScriptedBackend> backends =
                Stream.generate(ScriptedBackend::start).limit(2).toList();
        try (Site site = Site.of(startWithFilesUpTo(1 << 20, Uploads.Place.FILE, folder, backends), backends)) {
            backends.forEach(backend -> backend.on(Uploads::confirm));
            assertEquals(
                    Long.toString(Uploads.SIZE),
                    Uploads.exchange(site, "PUT", false).text());
            site.waffle()
                    .awaitOutput(Pattern.compile("WARN.* request bodies: one cannot be kept for a repetition, in "
                            + Pattern.quote(folder.toString()) + ": File too large"));
            assertEquals(1, site.waffle().output().split("request bodies: ", -1).length - 1);
            assertEquals(
                    Long.toString(Uploads.SIZE),
                    Uploads.exchange(site, "PUT", true).text());
            assertTrue(Eventually.holds(() -> site.waffle().openFiles(folder + "/waffle-") == 0));
            site.forget();
            backends.forEach(backend -> backend.on(request -> {
                Uploads.receive(request);
                request.connection().reset();
            }));
            assertEquals(502, Uploads.exchange(site, "PUT", false).status());
            assertEquals(
                    1,
                    backends.stream()
                            .mapToInt(backend -> backend.taken().size())
                            .sum());
            backends.get(1).on(Uploads::confirm);
            for (int i = 0; i < 4; i++) {
                assertEquals("500000", Uploads.exchange(site, 500_000).text());
            }
            assertEquals(4, backends.get(1).taken().size());
            site.assertNoFaults();
        }
    }

    /** A Waffle none of whose files may get larger: a write beyond fails, as on a disk without room. */
    private static WaffleProcess startWithFilesUpTo(
            int bytes, Uploads.Place place, Path folder, List<ScriptedBackend> backends) {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "ulimit -f " + bytes / 512 + " && exec \"$0\" \"$@\"",
                WaffleProcess.launcher().toString(),
                "-listen",
                "127.0.0.1:0",
                "-backends",
                Site.urls(backends)));
        command.addAll(List.of(place.flags(folder)));
        WaffleProcess waffle = WaffleProcess.launch(command, Map.of(), folder);
        waffle.awaitListening();
        return waffle;
    }

    @Test
    @DisplayName("a response is not held up by a body that was kept, and lets go of it when it begins")
    void letsGo(@TempDir Path folder) throws Exception {
        try (Site site = Uploads.Place.FILE.open(folder);
                RawClient client = site.client()) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            for (ScriptedBackend backend : site.backends()) {
                backend.on(request -> {
                    Uploads.receive(request);
                    request.connection().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                    end.get();
                    request.connection().write("ok");
                });
            }
            Uploads.send(client, "PUT", false);
            assertEquals(200, client.readHead().status());
            assertTrue(Eventually.holds(() -> site.waffle().openFiles(folder + "/waffle-") == 0));
            end.complete(null);
            assertEquals("ok", client.readText(2));
        }
    }
}
