// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.ReplayConfig;
import io.waffle.server.pool.LogLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {

    @TempDir
    private Path folder;

    @Test
    void aFileHoldsWhatWasAppendedAndHasNoName() throws IOException {
        Spool spool = spool(folder);
        SpillFile file = open(spool);
        byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        file.append(ByteBuffer.wrap(bytes, 0, 150_000));
        file.append(ByteBuffer.wrap(bytes, 150_000, 50_000));
        assertEquals(bytes.length, file.size());
        ByteBuffer read = ByteBuffer.allocate(bytes.length);
        while (read.hasRemaining()) {
            assertTrue(file.read(read, read.position()) > 0);
        }
        assertEquals(ByteBuffer.wrap(bytes), read.flip());
        assertEquals(List.of(), listing());
        spool.close(file);
    }

    @Test
    void thereAreSoManyFilesAtOnceAndNoMore() throws IOException {
        Spool spool = spool(folder);
        List<SpillFile> files = new ArrayList<>();
        for (int i = 0; i < Spool.FILES; i++) {
            files.add(open(spool));
        }
        assertNull(spool.open());
        spool.close(files.getFirst());
        files.set(0, open(spool));
        assertNull(spool.open());
        files.forEach(spool::close);
        assertEquals(List.of(), listing());
    }

    @Test
    void aFolderThatCannotBeUsedIsSaidOnceAndTakesNoPlace() {
        Spool spool = spool(folder.resolve("nowhere"));
        try (LogLines log = new LogLines("io.waffle.pool").start()) {
            for (int i = 0; i < 2 * Spool.FILES; i++) {
                assertNull(spool.open());
            }
            assertEquals(1, log.lines().size(), log.lines()::toString);
            String line = log.lines().getFirst();
            assertTrue(line.startsWith("request bodies: one cannot be kept for a repetition, in " + folder), line);
        }
    }

    private static Spool spool(Path folder) {
        return new Spool(new ReplayConfig(1 << 20, 0, Optional.of(folder)));
    }

    private static SpillFile open(Spool spool) {
        SpillFile file = spool.open();
        assertNotNull(file);
        return file;
    }

    private List<Path> listing() throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.toList();
        }
    }
}
