// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes and ends of connections, one way and the other. */
@Timeout(60)
class PassThroughTest {

    private ServerSocket listener;
    private Running proxy;
    private Socket client;
    private Socket backend;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        String address = Ports.freeAddress();
        proxy = Running.start(PassThrough.PROGRAM, "--listen", address, "--to", "127.0.0.1:" + listener.getLocalPort());
        client = new Socket("127.0.0.1", Integer.parseInt(address.substring(address.indexOf(':') + 1)));
        backend = listener.accept();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        backend.close();
        listener.close();
        assertEquals(Program.OK, proxy.end());
    }

    /** Far more than sockets and buffers hold, both ways at once. */
    @Test
    void copiesLargeBodiesBothWays() throws Exception {
        byte[] up = random(16 << 20, 1);
        byte[] down = random(16 << 20, 2);
        CompletableFuture<Void> sentUp = sending(client, up);
        CompletableFuture<Void> sentDown = sending(backend, down);
        CompletableFuture<byte[]> atBackend = reading(backend);
        assertArrayEquals(down, client.getInputStream().readAllBytes());
        assertArrayEquals(up, atBackend.get(30, TimeUnit.SECONDS));
        sentUp.get(30, TimeUnit.SECONDS);
        sentDown.get(30, TimeUnit.SECONDS);
    }

    @Test
    void passesOnTheEndOfOneDirectionAlone() throws Exception {
        client.shutdownOutput();
        assertEquals(-1, backend.getInputStream().read());
        backend.getOutputStream().write(7);
        assertEquals(7, client.getInputStream().read());
        backend.close();
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void aResetEndsBoth() throws Exception {
        client.setSoLinger(true, 0);
        client.close();
        assertEquals(-1, endOf(backend));
    }

    private static int endOf(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            return -1;
        }
    }

    private static CompletableFuture<Void> sending(Socket socket, byte[] bytes) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        socket.getOutputStream().write(bytes);
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofPlatform().daemon().start(task));
    }

    private static CompletableFuture<byte[]> reading(Socket socket) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return socket.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofPlatform().daemon().start(task));
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
