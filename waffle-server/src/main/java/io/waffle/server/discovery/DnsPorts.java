// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.discovery.DnsMessage.Reply;
import io.waffle.server.loop.DatagramPort;
import io.waffle.server.loop.Loop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ports questions leave by, over UDP. An answer counts if it comes from the server that was asked, with the number and the question: that
 * the number and the port are random is all that keeps others from answering (RFC 5452), so a port is for some questions only, and is closed
 * when none of them is open.
 *
 * <p>Threading: any virtual thread.
 */
final class DnsPorts {

    private static final int MOST_QUESTIONS = 400;

    /** Made with the first question: it takes the providers of security, which a start without names does without. */
    private static final class Chance {

        static final RandomGenerator RANDOM = new SecureRandom();
    }

    /** Guarded by this. */
    private @Nullable Port current;

    /** A question that is open until it is closed. */
    interface Open extends AutoCloseable {

        @Override
        void close();
    }

    private record Question(InetSocketAddress server, String name, DnsMessage.Type type, Consumer<Reply> taker) {}

    /** Asks; every reply that comes before it is closed goes to the taker, on another thread. */
    Open ask(InetSocketAddress server, String name, DnsMessage.Type type, boolean extended, Consumer<Reply> taker)
            throws IOException {
        Port port;
        int id;
        synchronized (this) {
            port = current;
            if (port == null || port.count >= MOST_QUESTIONS) {
                retire(port);
                Loop loop = LookUps.loop();
                port = new Port(DatagramPort.open(loop));
                current = port;
                loop.run(port::receive);
            }
            id = port.add(new Question(server, name, type, taker));
        }
        Port asked = port;
        try {
            port.socket.send(DnsMessage.question(id, name, type, extended), server);
        } catch (IOException | RuntimeException e) {
            remove(asked, id);
            throw e;
        }
        return () -> remove(asked, id);
    }

    private synchronized void remove(Port port, int id) {
        port.open.remove(id);
        if (port.open.isEmpty()) {
            port.close();
            current = current == port ? null : current;
        }
    }

    private static void retire(@Nullable Port port) {
        if (port != null && port.open.isEmpty()) {
            port.close();
        }
    }

    private synchronized @Nullable Question question(Port port, int id) {
        return port.open.get(id);
    }

    /** One port; its questions are guarded by the ports. */
    private final class Port {

        private final DatagramPort socket;
        private final Map<Integer, Question> open = new HashMap<>();
        private int count;

        Port(DatagramPort socket) {
            this.socket = socket;
        }

        int add(Question question) {
            int id;
            do {
                id = Chance.RANDOM.nextInt(1 << 16);
            } while (open.putIfAbsent(id, question) != null);
            count++;
            return id;
        }

        void close() {
            socket.close();
        }

        void receive() {
            ByteBuffer in = ByteBuffer.allocate(4096);
            try {
                while (true) {
                    in.clear();
                    InetSocketAddress from = socket.receive(in);
                    take(from, in.flip());
                }
            } catch (IOException e) {
                // closed, or of no use: those who wait ask by another
            }
        }

        private void take(InetSocketAddress from, ByteBuffer in) {
            if (in.remaining() < 12) {
                return;
            }
            int id = in.getShort(0) & 0xFFFF;
            Question question = question(this, id);
            if (question != null && question.server().equals(from)) {
                DnsMessage.reply(in, id, question.name(), question.type()).ifPresent(question.taker());
            }
        }
    }
}
