// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.discovery.DnsMessage.Reply;
import io.waffle.server.loop.Deadline;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers, IPv4 and IPv6 addresses apart. A server that does not answer within a second is not given up: the next is asked too, then
 * all again with more patience, and whichever answers first counts. What does not fit a datagram comes over TCP.
 *
 * <p>A virtual thread for each look-up waits for it, all of them on one loop.
 *
 * <p>Threading: any thread.
 */
final class DnsSource implements Source {

    /** So long a server may take before the next is asked as well; twice that the next time round. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    /** Each server is asked at least so often: a datagram may get lost. */
    private static final int LEAST_SENT = 3;

    private static final int LARGEST = 65_535;

    private static final List<DnsMessage.Type> KINDS = List.of(DnsMessage.Type.A, DnsMessage.Type.AAAA);

    private static final Reply NOWHERE = new Reply(3, false, List.of(), Duration.ZERO);
    private static final Reply FAILURE = new Reply(2, false, List.of(), Duration.ZERO);

    /** How many names wait for their first answers at once: more would overflow what a server, or the host, can hold. */
    private final Semaphore places = new Semaphore(128);

    private final DnsPorts ports = new DnsPorts();
    private final Supplier<ResolvConf> conf;

    /** The last server that answered: who is dead costs its wait once, and not each time. */
    private volatile Optional<InetSocketAddress> first = Optional.empty();

    /** A reply, whose it is, and to which question. */
    private record From(InetSocketAddress server, DnsMessage.Type kind, Reply reply) {}

    DnsSource(Supplier<ResolvConf> conf) {
        this.conf = conf;
    }

    @Override
    public CompletableFuture<Answer> look(String name) {
        return look(name, Optional.empty());
    }

    @Override
    public CompletableFuture<Answer> look(String name, Optional<DnsMessage.Type> inUse) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        LookUps.loop().run(() -> {
            Answer learned = Answer.SILENCE;
            try {
                learned = learn(name, inUse);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does
            } finally {
                answer.complete(learned);
            }
        });
        return answer;
    }

    private Answer learn(String name, Optional<DnsMessage.Type> inUse) throws InterruptedException {
        ResolvConf by = conf.get();
        boolean known = true;
        for (String candidate : by.candidates(name)) {
            Answer answer = ask(candidate, by, inUse);
            if (answer.resolves()) {
                return answer;
            }
            known &= answer.four().isPresent() && answer.six().isPresent();
        }
        return known ? Answer.of(List.of(), Duration.ZERO) : Answer.SILENCE;
    }

    /** Both kinds at once; or the one in use, and the other if there is none of it any more: nobody would use what is learned of it. */
    private Answer ask(String name, ResolvConf by, Optional<DnsMessage.Type> inUse) throws InterruptedException {
        if (inUse.isEmpty()) {
            return ask(name, by, KINDS);
        }
        Answer one = ask(name, by, List.of(inUse.get()));
        boolean gone = one.knows(inUse.get()) && !one.resolves();
        return gone ? one.or(ask(name, by, missing(KINDS, Set.of(inUse.get())))) : one;
    }

    /** All these at once, each until a server has answered it. */
    private Answer ask(String name, ResolvConf by, List<DnsMessage.Type> kinds) throws InterruptedException {
        List<DnsPorts.Open> open = new ArrayList<>();
        Map<DnsMessage.Type, Reply> learned = new EnumMap<>(DnsMessage.Type.class);
        int servers = by.servers().size();
        int sends = Math.max(by.attempts() * servers, LEAST_SENT);
        int begin = Math.max(0, first.map(by.servers()::indexOf).orElse(0));
        try (Mailbox<From> replies = new Mailbox<>()) {
            for (int sent = 0; sent < sends && learned.size() < kinds.size(); sent++) {
                Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(sent / servers, 4));
                Duration bounded = wait.compareTo(by.timeout()) < 0 ? wait : by.timeout();
                InetSocketAddress server = by.servers().get((begin + sent) % servers);
                boolean extended = sent < servers || sent % 2 == 0;
                if (sent == 0) {
                    places.acquire();
                }
                try {
                    for (DnsMessage.Type kind : missing(kinds, learned.keySet())) {
                        open.add(send(server, name, kind, extended, replies));
                    }
                    await(replies, kinds.size() - learned.size(), name, bounded, learned);
                } finally {
                    if (sent == 0) {
                        places.release();
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            kinds.forEach(kind -> learned.put(kind, NOWHERE)); // no server can have it
        } finally {
            open.forEach(DnsPorts.Open::close);
        }
        return new Answer(
                addresses(learned, DnsMessage.Type.A, Inet4Address.class),
                addresses(learned, DnsMessage.Type.AAAA, Inet6Address.class),
                ttl(learned.values()));
    }

    private static List<DnsMessage.Type> missing(List<DnsMessage.Type> kinds, Set<DnsMessage.Type> learned) {
        if (learned.isEmpty()) {
            return kinds;
        }
        return kinds.stream().filter(kind -> !learned.contains(kind)).toList();
    }

    private static Optional<List<InetAddress>> addresses(
            Map<DnsMessage.Type, Reply> learned, DnsMessage.Type kind, Class<? extends InetAddress> of) {
        return Optional.ofNullable(learned.get(kind)).map(reply -> Answer.sorted(reply.addresses(), of));
    }

    private static Duration ttl(Collection<Reply> learned) {
        return learned.stream()
                .filter(reply -> !reply.addresses().isEmpty())
                .map(Reply::ttl)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private DnsPorts.Open send(
            InetSocketAddress server, String name, DnsMessage.Type kind, boolean extended, Mailbox<From> replies) {
        try {
            return ports.ask(server, name, kind, extended, reply -> replies.put(new From(server, kind, reply)));
        } catch (IOException e) {
            replies.put(new From(server, kind, FAILURE)); // as good as one of the server's
            return () -> {};
        }
    }

    /** So long at most. A failure ends the wait for its kind: the next server may do better. */
    private void await(
            Mailbox<From> replies, int missing, String name, Duration wait, Map<DnsMessage.Type, Reply> learned)
            throws InterruptedException {
        long end = Deadline.now() + wait.toNanos();
        int open = missing;
        while (open > 0) {
            @Nullable From from = replies.take(end);
            if (from == null) {
                return;
            }
            if (learned.containsKey(from.kind())) {
                continue; // another server was faster
            }
            open--;
            Reply reply = from.reply().truncated()
                    ? overTcp(from.server(), name, from.kind(), wait).orElse(FAILURE)
                    : from.reply();
            if (reply.isAnswer() && !reply.truncated()) {
                first = Optional.of(from.server());
                learned.put(from.kind(), reply);
            }
        }
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
