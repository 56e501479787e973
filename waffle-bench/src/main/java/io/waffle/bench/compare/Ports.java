// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Ports of the loopback interface. */
final class Ports {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Ports() {}

    /** One that nobody listens on now, below those the system gives to clients: there are thousands of these in a comparison. */
    static int free() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        for (int i = 0; i < 1000; i++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket probe = new ServerSocket(port, 1, loopback)) {
                return probe.getLocalPort();
            } catch (BindException e) {
                // taken; another one
            }
        }
        throw new IOException("no free port from 20000 to 31999");
    }

    /** Waits until something listens there, or the process that should has ended. */
    static void await(String address, int port, ManagedProcess process) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isOpen(address, port)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IOException("nothing listens on " + address + ":" + port + ": " + process.describe());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isOpen(String address, int port) {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
