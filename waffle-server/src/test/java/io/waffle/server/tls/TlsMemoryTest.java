// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waffle.server.config.TlsConfig;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.HeapBuffers;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.MemoryBudget.Use;
import io.waffle.server.loop.MemoryShortage;
import io.waffle.server.loop.Shelf;
import io.waffle.server.tls.TlsPair.Served;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TLS holds is taken from the budget, and given back, but for what a loop may keep. */
@Timeout(60)
final class TlsMemoryTest {

    private static final long BOUND = 8 << 20;

    /** What a loop keeps of one kind: a share of the bound, and one more. */
    private static final long KEPT = BOUND / 32 + OpenSslPipe.KIND.bytes();

    private static final int CLIENTS = 100;

    private final MemoryBudget budget = new MemoryBudget(BOUND);
    private final Buffers buffers = new Buffers(budget);
    private final Shelf<OpenSslPipe> pipes = buffers.shelf(OpenSslPipe.KIND);

    @TempDir
    Path folder;

    @Test
    void pipesEndAtTheBoundAndGoBackToTheHost() {
        assumeTrue(ServerTls.openSslProblem().isEmpty());
        borrowAllAndGiveBack(() -> pipes.borrow(Use.WORK), pipes::giveBack, OpenSslPipe.KIND.bytes());
    }

    @Test
    void buffersOnTheHeapEndAtTheBoundAndGoToTheCollector() {
        HeapBuffers onHeap = buffers.onHeap();
        borrowAllAndGiveBack(() -> onHeap.borrow(Use.WORK), onHeap::giveBack, HeapBuffers.LARGE);
    }

    private <T> void borrowAllAndGiveBack(Supplier<T> borrow, Consumer<T> giveBack, int bytes) {
        for (int round = 0; round < 3; round++) {
            List<T> all = new ArrayList<>();
            for (int i = 0; i < BOUND / bytes; i++) {
                all.add(borrow.get());
            }
            assertThrows(MemoryShortage.class, borrow::get);
            assertEquals(BOUND / bytes * bytes, budget.taken());
            all.forEach(giveBack);
            assertTrue(budget.taken() <= KEPT, () -> "kept: " + budget.taken());
        }
    }

    @Test
    void whatWaitsMovesToWhatHoldsARecordAndBack() {
        HeapBuffers onHeap = buffers.onHeap();
        ByteBuffer part =
                onHeap.borrow(Use.WORK).putLong(42).put(new byte[9_000]).flip();
        ByteBuffer settled = Objects.requireNonNull(onHeap.settled(part));
        assertEquals(HeapBuffers.RECORD, settled.capacity());
        assertEquals(9_008, settled.remaining());
        ByteBuffer roomy = onHeap.roomy(settled);
        assertEquals(HeapBuffers.LARGE, roomy.capacity());
        assertEquals(9_008, roomy.position());
        assertEquals(42, roomy.flip().getLong());
        assertEquals(HeapBuffers.LARGE + HeapBuffers.RECORD, budget.taken());
    }

    @Test
    void whatIsMoreThanARecordStaysWhereItIs() {
        ByteBuffer more = buffers.onHeap().borrow(Use.WORK).limit(HeapBuffers.RECORD + 1);
        assertSame(more, buffers.onHeap().settled(more));
    }

    /** A hundred large buffers, or pipes, would be most of the bound. */
    @ParameterizedTest
    @EnumSource(
            value = TlsConfig.Provider.class,
            names = {"OPENSSL", "JSSE"})
    void aConnectionThatWaitsForTheRestOfARecordHoldsNoMoreThanARecord(TlsConfig.Provider provider) throws Exception {
        TestAuthority authority = TestAuthority.root("Test Root", "secp256r1");
        try (TlsPair pair = new TlsPair(true, folder, authority, provider, budget)) {
            ServerTls tls = pair.serverTls("secp256r1");
            List<Served> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Served served = pair.serve(tls, channel -> TestStream.echo(channel, 1));
                all.add(served);
                SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3");
                client.getOutputStream().write(i);
                assertEquals(i, client.getInputStream().read());
            }
            long kept = 4 * KEPT; // of both sizes, by two loops
            assertTrue(budget.taken() <= kept, () -> "idle: " + budget.taken());
            for (Served served : all) {
                sendPartOfARecord(served.client().getOutputStream());
            }
            long parts = provider == TlsConfig.Provider.JSSE ? (long) CLIENTS * HeapBuffers.RECORD : 0;
            assertTrue(
                    holds(() -> budget.taken() >= parts && budget.taken() <= parts + kept),
                    () -> "waiting: " + budget.taken());
            for (Served served : all) {
                served.client().close();
                served.end().handle((channel, e) -> null).join();
            }
            assertTrue(holds(() -> budget.taken() <= kept), () -> "left: " + budget.taken());
        }
    }

    /** The head of a full record of data, and half of the rest. */
    private static void sendPartOfARecord(OutputStream socket) throws Exception {
        socket.write(
                ByteBuffer.allocate(8_000).put(new byte[] {23, 3, 3, 0x40, 0}).array());
    }

    private static boolean holds(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        return condition.getAsBoolean();
    }
}
