// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.discovery.DnsMessage.Reply;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers, IPv4 and IPv6 addresses apart. A server that does not answer within a second is not given up: the next is asked too, then
 * all again with more patience, and whichever answers first counts. What does not fit a datagram comes over TCP.
 *
 * <p>Threading: any virtual thread.
 */
final class DnsSource implements Source {

    /** So long a server may take before the next is asked as well; twice that the next time round. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    /** Each server is asked at least so often: a datagram may get lost. */
    private static final int LEAST_SENT = 3;

    private static final int LARGEST = 65_535;

    /** How many wait for their first answer at once: more would overflow what a server, or the host, can hold. */
    private final Semaphore places = new Semaphore(256);

    private final DnsPorts ports = new DnsPorts();
    private final Supplier<ResolvConf> conf;

    /** Of the last server that answered: who is dead costs its wait once, and not each time. */
    private volatile int first;

    /** A reply, and whose it is. */
    private record From(InetSocketAddress server, Reply reply) {}

    DnsSource(Supplier<ResolvConf> conf) {
        this.conf = conf;
    }

    @Override
    public Answer look(String name) throws InterruptedException {
        ResolvConf by = conf.get();
        boolean known = true;
        for (String candidate : by.candidates(name)) {
            Answer answer = ask(candidate, by);
            if (answer.resolves()) {
                return answer;
            }
            known &= answer.four().isPresent() && answer.six().isPresent();
        }
        return known ? Answer.of(List.of(), Duration.ZERO) : Answer.SILENCE;
    }

    private Answer ask(String name, ResolvConf by) throws InterruptedException {
        CompletableFuture<Optional<Reply>> six = new CompletableFuture<>();
        Thread.ofVirtual().name("AAAA of " + name).start(() -> {
            Optional<Reply> reply = Optional.empty();
            try {
                reply = ask(name, DnsMessage.Type.AAAA, by);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does
            } finally {
                six.complete(reply);
            }
        });
        Optional<Reply> a = ask(name, DnsMessage.Type.A, by);
        try {
            Optional<Reply> aaaa = six.get();
            return new Answer(
                    a.map(reply -> Answer.sorted(reply.addresses(), Inet4Address.class)),
                    aaaa.map(reply -> Answer.sorted(reply.addresses(), Inet6Address.class)),
                    ttl(a, aaaa));
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is completed with a value", e);
        }
    }

    private static Duration ttl(Optional<Reply> a, Optional<Reply> b) {
        List<Duration> all = new ArrayList<>();
        a.filter(reply -> !reply.addresses().isEmpty()).ifPresent(reply -> all.add(reply.ttl()));
        b.filter(reply -> !reply.addresses().isEmpty()).ifPresent(reply -> all.add(reply.ttl()));
        return all.stream().min(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** The first answer of any server; nothing if none came. */
    private Optional<Reply> ask(String name, DnsMessage.Type type, ResolvConf by) throws InterruptedException {
        BlockingQueue<From> replies = new LinkedBlockingQueue<>();
        List<DnsPorts.Open> open = new ArrayList<>();
        int servers = by.servers().size();
        int sends = Math.max(by.attempts() * servers, LEAST_SENT);
        int begin = first;
        try {
            for (int sent = 0; sent < sends; sent++) {
                Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(sent / servers, 4));
                Duration bounded = wait.compareTo(by.timeout()) < 0 ? wait : by.timeout();
                InetSocketAddress server = by.servers().get((begin + sent) % servers);
                boolean extended = sent < servers || sent % 2 == 0;
                Optional<From> answer;
                if (sent == 0) {
                    places.acquire();
                }
                try {
                    open.add(send(server, name, type, extended, replies));
                    answer = await(replies, name, type, bounded);
                } finally {
                    if (sent == 0) {
                        places.release();
                    }
                }
                if (answer.isPresent()) {
                    first = by.servers().indexOf(answer.get().server());
                    return Optional.of(answer.get().reply());
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(new Reply(3, false, List.of(), Duration.ZERO)); // no server can have it
        } finally {
            open.forEach(DnsPorts.Open::close);
        }
    }

    private DnsPorts.Open send(
            InetSocketAddress server,
            String name,
            DnsMessage.Type type,
            boolean extended,
            BlockingQueue<From> replies) {
        try {
            return ports.ask(server, name, type, extended, reply -> replies.add(new From(server, reply)));
        } catch (IOException e) {
            replies.add(new From(server, new Reply(2, false, List.of(), Duration.ZERO))); // as good as a failure of its
            return () -> {};
        }
    }

    /** A failure ends the wait: the next server may do better. */
    private static Optional<From> await(BlockingQueue<From> replies, String name, DnsMessage.Type type, Duration wait)
            throws InterruptedException {
        @Nullable From from = replies.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (from == null || !(from.reply().truncated() || from.reply().isAnswer())) {
            return Optional.empty();
        }
        if (!from.reply().truncated()) {
            return Optional.of(from);
        }
        return overTcp(from.server(), name, type, wait)
                .filter(Reply::isAnswer)
                .map(reply -> new From(from.server(), reply));
    }

    private static Optional<Reply> overTcp(InetSocketAddress server, String name, DnsMessage.Type type, Duration wait) {
        int millis = Math.toIntExact(wait.toMillis());
        int id = ThreadLocalRandom.current().nextInt(1 << 16);
        try (Socket socket = new Socket()) {
            socket.connect(server, millis);
            socket.setSoTimeout(millis);
            ByteBuffer question = DnsMessage.question(id, name, type, false);
            ByteBuffer framed = ByteBuffer.allocate(2 + question.remaining());
            framed.putShort((short) question.remaining()).put(question);
            socket.getOutputStream().write(framed.array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] reply = new byte[in.readUnsignedShort() & LARGEST];
            in.readFully(reply);
            return DnsMessage.reply(ByteBuffer.wrap(reply), id, name, type);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
