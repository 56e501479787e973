// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.ReplayConfig;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.pool.LogLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes over a real connection, read on a loop. */
@Timeout(60)
final class BodyInputTest {

    private static final int BEHIND_HEAD = 1_000;
    private static final long UNKNOWN = -1;
    private static final RequestClock CLOCK = new RequestClock(false, false);

    @TempDir
    private Path folder;

    private Loops loops;
    private Loop loop;
    private ServerSocketChannel listener;
    private Socket sender;
    private Channel channel;

    @BeforeEach
    void connect() throws IOException {
        loops = Loops.start(1, MemoryBudget.boundless());
        loop = loops.all().getFirst();
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        sender = new Socket(InetAddress.getLoopbackAddress(), listener.socket().getLocalPort());
        channel = PlainChannel.of(listener.accept(), loop);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        sender.close();
        listener.close();
        loops.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 64", "63, 0", "64, 64", "65, 64", "200, 64", "700, 0", "700, 64", "700, 200", "700, 1024"})
    void allComesAgainAsOftenAsWanted(int kilobytes, int memory) throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + kilobytes * 1024);
        Random random = new Random(kilobytes * 2_000L + memory);
        onLoop(() -> {
            BodyInput input = input(1 << 20, memory * 1024L);
            begin(input, bytes, UNKNOWN);
            for (int i = 0; i < 5; i++) {
                int some = random.nextInt(bytes.length + 1);
                assertArrayEquals(Arrays.copyOf(bytes, some), read(input, some));
                if (random.nextBoolean() && input.mayShrink()) { // a wait that lasts
                    input.shrink();
                    assertFalse(input.mayShrink());
                }
                assertTrue(input.isWhole());
                input.rewind();
            }
            assertArrayEquals(bytes, read(input, bytes.length));
            input.release();
            return null;
        });
    }

    @Test
    void theLastTimeThroughReadsWhatWasKeptAndKeepsNoMore() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 700_000);
        onLoop(() -> {
            BodyInput input = input(1 << 20, 128 << 10);
            begin(input, bytes, UNKNOWN);
            read(input, 500_000);
            input.rewind();
            input.stopKeeping();
            assertArrayEquals(bytes, read(input, bytes.length));
            assertFalse(input.isWhole());
            input.release();
            return null;
        });
    }

    @Test
    void tooMuchIsNotKept() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 300_000);
        onLoop(() -> {
            BodyInput input = input(200_000, 64 << 10);
            begin(input, bytes, UNKNOWN);
            read(input, BEHIND_HEAD + 100_000);
            assertTrue(input.isWhole());
            assertEquals(
                    bytes.length - BEHIND_HEAD - 100_000, read(input, bytes.length - BEHIND_HEAD - 100_000).length);
            assertFalse(input.isWhole());
            input.release();
            return null;
        });
    }

    @Test
    void whatSaysThatItIsTooMuchIsNotBegunToBeKept() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 300_000);
        onLoop(() -> {
            BodyInput input = input(200_000, 64 << 10);
            begin(input, bytes, bytes.length);
            assertTrue(input.isWhole(), "nothing has been read yet");
            read(input, BEHIND_HEAD + 1);
            assertFalse(input.isWhole());
            input.release();
            return null;
        });
    }

    @Test
    void nothingIsKeptOfWhatCannotBeWritten() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 300_000);
        try (LogLines log = new LogLines("io.waffle.pool").start()) {
            onLoop(() -> {
                BodyInput input =
                        new BodyInput(loop.buffers(), spool(1 << 20, 64 << 10, folder.resolve("nowhere")), CLOCK);
                begin(input, bytes, UNKNOWN);
                assertArrayEquals(bytes, read(input, bytes.length));
                assertFalse(input.isWhole());
                input.release();
                return null;
            });
            assertEquals(1, log.lines().size());
        }
    }

    @Test
    void whatIsReadAheadIsThereAgain() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 10_000);
        onLoop(() -> {
            BodyInput input = input(1 << 20, 64 << 10);
            begin(input, Arrays.copyOf(bytes, BEHIND_HEAD + 4_000), UNKNOWN);
            read(input, BEHIND_HEAD + 4_000);
            sender.getOutputStream().write(bytes, BEHIND_HEAD + 4_000, 6_000);
            ByteBuffer ahead = input.buffer();
            int unread = ahead.position();
            channel.await(Channel.READ);
            ahead.position(ahead.limit()).limit(ahead.capacity());
            channel.tryRead(ahead);
            ahead.flip().position(unread);
            input.rewind();
            assertArrayEquals(bytes, read(input, bytes.length));
            input.release();
            return null;
        });
    }

    @Test
    void buffersAreGivenBackOnceEach() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 700_000);
        onLoop(() -> {
            BodyInput input = input(1 << 20, 256 << 10);
            begin(input, bytes, UNKNOWN);
            read(input, bytes.length);
            input.rewind();
            read(input, bytes.length);
            input.release();
            return null;
        });
        Buffers buffers = loop.buffers();
        Set<ByteBuffer> lent = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 20; i++) {
            assertTrue(lent.add(buffers.large()), "one was there twice");
        }
    }

    @Test
    void whatComesFastIsReadIntoAGreaterBufferAndIsTheSame() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 50_000_000);
        onLoop(() -> {
            BodyInput input = input(1 << 20, 64 << 10);
            begin(input, bytes, bytes.length);
            int at = 0;
            while (input.buffer().capacity() < Buffers.BULK) {
                at = assertNext(input, bytes, at);
            }
            while (at < bytes.length) {
                at = assertNext(input, bytes, at);
            }
            input.release();
            return null;
        });
    }

    @Test
    void whenAllGreaterBuffersAreLentALargeOneDoes() throws Exception {
        byte[] bytes = bytes(BEHIND_HEAD + 10_000_000);
        onLoop(() -> {
            List<ByteBuffer> lent = new ArrayList<>();
            for (ByteBuffer bulk = loop.buffers().bulk();
                    bulk != null;
                    bulk = loop.buffers().bulk()) {
                lent.add(bulk);
            }
            assertEquals(16, lent.size());
            BodyInput input = input(1 << 20, 64 << 10);
            begin(input, bytes, bytes.length);
            int at = 0;
            while (at < bytes.length) {
                at = assertNext(input, bytes, at);
                assertTrue(input.buffer().capacity() <= Buffers.LARGE);
            }
            input.release();
            lent.forEach(loop.buffers()::giveBack);
            assertNotNull(loop.buffers().bulk());
            return null;
        });
    }

    /** Takes what there is, and waits for more; returns how much has been taken. */
    private int assertNext(BodyInput input, byte[] bytes, int at) throws IOException, ExchangeException {
        ByteBuffer there = input.buffer();
        int until = at + there.remaining();
        assertEquals(ByteBuffer.wrap(bytes, at, there.remaining()), there);
        there.position(there.limit());
        while (until < bytes.length && input.fill() == 0) {
            channel.await(Channel.READ);
        }
        return until;
    }

    private BodyInput input(long most, long memory) {
        return new BodyInput(loop.buffers(), spool(most, memory, folder), CLOCK);
    }

    private static Spool spool(long most, long memory, Path in) {
        return new Spool(new ReplayConfig(most, memory, Optional.of(in)));
    }

    /** The first bytes are there with the head, the others are sent. */
    private void begin(BodyInput input, byte[] bytes, long length) {
        input.begin(channel, ByteBuffer.wrap(bytes, 0, BEHIND_HEAD).slice());
        input.keep(length);
        Thread.ofVirtual().start(() -> {
            try {
                sender.getOutputStream().write(bytes, BEHIND_HEAD, bytes.length - BEHIND_HEAD);
            } catch (IOException e) {
                // the test has ended
            }
        });
    }

    /** Takes so many bytes, in pieces of all sizes. */
    private byte[] read(BodyInput input, int count) throws IOException, ExchangeException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        Random random = new Random(count);
        while (read.size() < count) {
            ByteBuffer from = input.buffer();
            if (!from.hasRemaining()) {
                if (input.fill() == 0) {
                    channel.await(Channel.READ);
                }
                continue;
            }
            byte[] piece = new byte[Math.min(1 + random.nextInt(from.remaining()), count - read.size())];
            from.get(piece);
            read.writeBytes(piece);
        }
        return read.toByteArray();
    }

    private void onLoop(Callable<?> task) throws Exception {
        CompletableFuture<Object> done = new CompletableFuture<>();
        loop.run(() -> {
            try {
                task.call();
                done.complete("");
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        done.get();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
