// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback, over UDP and TCP at one port, which answers what a test says, as late as it says. */
final class FakeNameServer implements AutoCloseable {

    static final int A = 1;
    static final int AAAA = 28;
    static final int CNAME = 5;

    private static final int TRUNCATED = 0x0200;

    /** A record of an answer; the data of an alias is its target. */
    record Entry(String owner, int type, int ttl, String data) {}

    /**
     * What is answered to one question.
     *
     * @param delay before it is
     * @param lost how many questions are not answered first
     * @param tooLong whether it is too long for UDP
     */
    record Script(int rcode, List<Entry> entries, Duration delay, int lost, boolean tooLong) {}

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final ServerSocket tcp;
    private final DatagramSocket udp;

    private FakeNameServer(ServerSocket tcp, DatagramSocket udp) {
        this.tcp = tcp;
        this.udp = udp;
        Thread.ofPlatform().daemon().start(this::serveUdp);
        Thread.ofPlatform().daemon().start(this::serveTcp);
    }

    static FakeNameServer start() throws IOException {
        for (int tries = 0; ; tries++) {
            ServerSocket tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            try {
                return new FakeNameServer(
                        tcp, new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress()));
            } catch (IOException e) {
                tcp.close();
                if (tries > 20) {
                    throw e;
                }
            }
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
    }

    /** Answers a question; there is no other name. */
    void on(String name, int type, Script script) {
        scripts.put(name + " " + type, script);
    }

    /** Answers with these addresses. */
    void on(String name, int type, String... addresses) {
        on(name, type, Duration.ZERO, addresses);
    }

    void on(String name, int type, Duration delay, String... addresses) {
        List<Entry> entries = List.of(addresses).stream()
                .map(address -> new Entry(name, type, 60, address))
                .toList();
        on(name, type, new Script(0, entries, delay, 0, false));
    }

    int asked(String name, int type) {
        return asked.getOrDefault(name + " " + type, new AtomicInteger()).get();
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                udp.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                Thread.ofVirtual().start(() -> answer(question, packet));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(byte[] question, DatagramPacket packet) {
        try {
            byte[] reply = reply(question, false);
            if (reply.length > 0) {
                udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            }
        } catch (IOException | InterruptedException e) {
            // closed
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] question = new byte[in.readUnsignedShort()];
                    in.readFully(question);
                    byte[] reply = reply(question, true);
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(reply.length);
                    out.write(reply);
                } catch (InterruptedException e) {
                    return;
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private byte[] reply(byte[] question, boolean overTcp) throws InterruptedException {
        ByteBuffer in = ByteBuffer.wrap(question);
        in.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = in.get(); length > 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
        }
        int type = in.getShort();
        String key = name + " " + type;
        Script script = scripts.getOrDefault(key, new Script(3, List.of(), Duration.ZERO, 0, false));
        int count = asked.computeIfAbsent(key, ignored -> new AtomicInteger()).incrementAndGet();
        if (count <= script.lost()) {
            return new byte[0];
        }
        Thread.sleep(script.delay());
        return message(in.getShort(0), name.toString(), type, script, script.tooLong() && !overTcp);
    }

    private static byte[] message(short id, String name, int type, Script script, boolean truncated) {
        ByteBuffer out = ByteBuffer.allocate(65_535);
        out.putShort(id).putShort((short) (0x8180 | script.rcode() | (truncated ? TRUNCATED : 0)));
        out.putShort((short) 1)
                .putShort((short) (truncated ? 0 : script.entries().size()));
        out.putInt(0).put(encoded(name)).putShort((short) type).putShort((short) 1);
        for (Entry entry : truncated ? List.<Entry>of() : script.entries()) {
            byte[] data = entry.type() == CNAME
                    ? encoded(entry.data())
                    : InetAddress.ofLiteral(entry.data()).getAddress();
            // The owner is a pointer to the question where that is the same, as servers do.
            out.put(entry.owner().equals(name) ? new byte[] {(byte) 0xC0, 12} : encoded(entry.owner()));
            out.putShort((short) entry.type()).putShort((short) 1).putInt(entry.ttl());
            out.putShort((short) data.length).put(data);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static byte[] encoded(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
        return out.toByteArray();
    }
}
