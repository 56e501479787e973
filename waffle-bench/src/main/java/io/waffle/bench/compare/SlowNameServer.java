// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A name server on loopback that takes a while for each answer, of many at once. It knows {@code nNUMBER.example}: an IPv4 address of 127/8 for
 * each number, for a day, and none of IPv6 (RFC 1035 section 4).
 */
final class SlowNameServer implements AutoCloseable {

    private static final int A = 1;
    private static final int QUESTION = 12;
    private static final int TTL = 86_400;

    private final DatagramChannel channel;
    private final Duration delay;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("answers").factory());
    private final AtomicLong questions = new AtomicLong();
    private volatile long begun;

    /** Guarded by itself. */
    private final BitSet answered = new BitSet();

    private SlowNameServer(DatagramChannel channel, Duration delay) {
        this.channel = channel;
        this.delay = delay;
    }

    static SlowNameServer start(Duration delay) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        SlowNameServer server = new SlowNameServer(channel, delay);
        Thread.ofPlatform().daemon().name("questions").start(server::serve);
        return server;
    }

    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** When the first question came, by {@link System#nanoTime}; 0 before. */
    long begun() {
        return begun;
    }

    /** So far. */
    long questions() {
        return questions.get();
    }

    /** How many names have been told their IPv4 address. */
    int told() {
        synchronized (answered) {
            return answered.cardinality();
        }
    }

    @Override
    public void close() throws IOException {
        later.shutdownNow();
        channel.close();
    }

    private void serve() {
        ByteBuffer in = ByteBuffer.allocate(2048);
        try {
            while (true) {
                in.clear();
                SocketAddress from = channel.receive(in);
                in.flip();
                begun = questions.getAndIncrement() == 0 ? System.nanoTime() : begun;
                ByteBuffer question =
                        ByteBuffer.allocate(in.remaining()).put(in).flip();
                Future<?> due = later.schedule(() -> answer(question, from), delay.toNanos(), TimeUnit.NANOSECONDS);
                assert !due.isCancelled();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(ByteBuffer question, SocketAddress to) {
        StringBuilder label = new StringBuilder();
        int end = QUESTION;
        for (int length = question.get(end); length > 0; length = question.get(end)) {
            for (int i = 1; i <= length && end == QUESTION; i++) {
                label.append((char) question.get(end + i));
            }
            end += 1 + length;
        }
        int number = Integer.parseInt(label.substring(1));
        boolean four = question.getShort(end + 1) == A;
        ByteBuffer out = ByteBuffer.allocate(512);
        out.putShort(question.getShort(0)).putShort((short) 0x8180);
        out.putShort((short) 1).putShort((short) (four ? 1 : 0)).putInt(0);
        out.put(question.slice(QUESTION, end + 5 - QUESTION));
        if (four) {
            out.putShort((short) 0xC00C).putShort((short) A).putShort((short) 1).putInt(TTL);
            out.putShort((short) 4).putInt(127 << 24 | 1 << 16 | number);
        }
        try {
            channel.send(out.flip(), to);
        } catch (IOException e) {
            return; // nobody waits for it any more
        }
        if (four) {
            synchronized (answered) {
                answered.set(number);
            }
        }
    }
}
