// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.ReplayConfig;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.Offload;
import io.waffle.server.pool.LogLines;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
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
        file.append(ByteBuffer.wrap(bytes, 0, 150_000), Deadline.NONE);
        file.append(ByteBuffer.wrap(bytes, 150_000, 50_000), Deadline.NONE);
        assertEquals(bytes.length, file.size());
        ByteBuffer read = ByteBuffer.allocate(bytes.length);
        while (read.hasRemaining()) {
            assertTrue(file.read(read, read.position(), Deadline.NONE) > 0);
        }
        assertEquals(ByteBuffer.wrap(bytes), read.flip());
        assertEquals(List.of(), listing());
        spool.close(file);
    }

    @Test
    void thereAreSoManyFilesAtOnceAndNoMore() throws Exception {
        Spool spool = spool(folder);
        List<SpillFile> files = new ArrayList<>();
        for (int i = 0; i < Spool.FILES; i++) {
            files.add(open(spool));
        }
        assertNull(spool.open(Deadline.NONE));
        spool.close(files.getFirst());
        files.set(0, openSoon(spool));
        assertNull(spool.open(Deadline.NONE));
        files.forEach(spool::close);
        assertEquals(List.of(), listing());
    }

    @Test
    void aFolderThatCannotBeUsedIsSaidOnceAndTakesNoPlace() {
        Spool spool = spool(folder.resolve("nowhere"));
        try (LogLines log = new LogLines("io.waffle.pool").start()) {
            for (int i = 0; i < 2 * Spool.FILES; i++) {
                assertNull(spool.open(Deadline.NONE));
            }
            assertEquals(1, log.lines().size(), log.lines()::toString);
            String line = log.lines().getFirst();
            assertTrue(line.startsWith("request bodies: one cannot be kept for a repetition, in " + folder), line);
        }
    }

    @Test
    void aDiskThatHangsCostsADeadlineOnceAndIsThenLeftAlone() throws Exception {
        Spool spool = spool(folder);
        SpillFile file = open(spool);
        file.append(ByteBuffer.allocate(10), Deadline.NONE);
        try (LogLines log = new LogLines("io.waffle.pool").start();
                HangingDisk disk = new HangingDisk()) {
            ByteBuffer bytes = ByteBuffer.allocate(10);
            assertThrows(SocketTimeoutException.class, () -> file.append(bytes, soon()));
            assertThrows(SocketTimeoutException.class, () -> file.read(bytes, 0, soon()));
            assertEquals(10, file.size());
            assertEquals(0, bytes.position());
            assertNull(spool.open(soon()));
            assertNull(spool.open(Deadline.NONE)); // or this would wait for ever
            assertEquals(1, log.lines().size(), log.lines()::toString);
        }
        spool.close(file);
    }

    @Test
    void whatHangsKeepsItsPlaceUntilTheDiskLetsGo() throws Exception {
        Spool spool = spool(folder);
        List<SpillFile> files = new ArrayList<>();
        for (int i = 0; i < Spool.FILES; i++) {
            files.add(open(spool));
        }
        try (HangingDisk disk = new HangingDisk()) {
            files.forEach(spool::close);
            assertNull(spool.open(Deadline.NONE));
        }
        spool.close(openSoon(spool));
    }

    /** Keeps all the threads that files are used by, as calls do that do not come back. */
    private static final class HangingDisk implements AutoCloseable {

        private static final int MORE_THAN_THERE_ARE_THREADS = 16;

        private final CountDownLatch recovered = new CountDownLatch(1);

        HangingDisk() {
            for (int i = 0; i < MORE_THAN_THERE_ARE_THREADS; i++) {
                Offload.FILES.run(this::hang);
            }
        }

        private void hang() {
            try {
                recovered.await();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody may interrupt what hangs", e);
            }
        }

        @Override
        public void close() {
            recovered.countDown();
        }
    }

    private static long soon() {
        return Deadline.in(Duration.ofMillis(50));
    }

    /** A place is free a little after the close that frees it. */
    private static SpillFile openSoon(Spool spool) throws InterruptedException {
        SpillFile file = spool.open(Deadline.NONE);
        for (int i = 0; file == null && i < 1_000; i++) {
            Thread.sleep(10);
            file = spool.open(Deadline.NONE);
        }
        assertNotNull(file);
        return file;
    }

    private static Spool spool(Path folder) {
        return new Spool(new ReplayConfig(1 << 20, 0, Optional.of(folder)));
    }

    private static SpillFile open(Spool spool) {
        SpillFile file = spool.open(Deadline.NONE);
        assertNotNull(file);
        return file;
    }

    private List<Path> listing() throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.toList();
        }
    }
}
