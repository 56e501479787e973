// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.IoReason;
import io.waffle.server.http.HttpDate;
import io.waffle.server.loop.Acceptor;
import io.waffle.server.loop.ListeningSocket;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.Loops;
import io.waffle.server.plugin.FaultLog;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The listening socket: a few loops accept from it (docs/adr/0010), and each connection is served on a loop from its first byte to its end.
 *
 * <p>Threading: {@link #close} once, by any thread.
 */
public final class ProxyListener implements AutoCloseable {

    private static final int BACKLOG = 4096;

    /** Every loop that accepts is woken by every client, in vain but for one. The others get their connections from these. */
    private static final int ACCEPTING_LOOPS = 4;

    /** What keeps one client from being accepted, say too many open files, is likely to keep the next one from it. */
    private static final Duration AFTER_FAILURE = Duration.ofMillis(50);

    /** How long those who have to give way are waited for. */
    private static final Duration FOR_ROOM = Duration.ofMillis(10);

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final Loops loops;
    private final Proxy proxy;
    private final ClientConnections connections;
    private final ListeningSocket socket;
    private final List<Thread> accepting = new ArrayList<>();
    private final FaultLog log = new FaultLog("", System::nanoTime);

    private ProxyListener(Proxy proxy, Loops loops, ListeningSocket socket, ClientPlaces places) {
        this.loops = loops;
        this.proxy = proxy;
        this.connections = new ClientConnections(places);
        proxy.onShortage(places::makeRoom);
        this.socket = socket;
    }

    /**
     * Takes the address, by the socket that was handed over if there is one; whoever connects waits until somebody {@linkplain #accept accepts}.
     *
     * @param places for client connections, of all listeners; more wait in the backlog
     * @throws IOException if the address cannot be bound
     */
    public static ProxyListener bind(
            Serving serving, Frontend frontend, SocketAddress address, Loops loops, HttpDate date, ClientPlaces places)
            throws IOException {
        ListeningSocket socket = ListeningSocket.open(address, frontend.config().mode(), BACKLOG);
        return new ProxyListener(new Proxy(serving, frontend, loops, date, places.tallies()), loops, socket, places);
    }

    /** Serves whoever connects, from now on. */
    public void accept() throws IOException {
        int count = Math.min(ACCEPTING_LOOPS, loops.all().size());
        for (Loop loop : loops.all().subList(0, count)) {
            acceptOn(loop);
        }
    }

    private void acceptOn(Loop loop) throws IOException {
        Acceptor acceptor = Acceptor.of(socket.channel(), loop);
        accepting.add(loop.run(() -> acceptUntilStopped(acceptor, loop)));
    }

    /** Whatever befalls it, it goes on: without it nobody would be served any more. */
    private void acceptUntilStopped(Acceptor acceptor, Loop loop) {
        try {
            while (true) {
                try {
                    acceptOne(acceptor, loop);
                } catch (InterruptedIOException | ClosedChannelException e) {
                    throw e;
                } catch (IOException | RuntimeException e) {
                    log.warn("a client could not be accepted: " + e, null);
                    connections.places().makeRoom(); // if it is for want of descriptors, those that are idle have some
                    Thread.sleep(AFTER_FAILURE);
                }
            }
        } catch (InterruptedException | InterruptedIOException | ClosedChannelException e) {
            stop(acceptor, loop);
        }
    }

    private void acceptOne(Acceptor acceptor, Loop loop) throws InterruptedException, IOException {
        if (!connections.tryTakePlace()) {
            acceptor.awaitClient();
            makeRoom();
        } else if (!acceptInto(acceptor, loop)) {
            acceptor.awaitClient();
        }
    }

    /** Idle clients give way to one that waits to be accepted; if there are none, it waits. */
    private void makeRoom() throws InterruptedException {
        log.warn(
                connections.places().isFull()
                        ? "as many clients are connected as may be (limits.connections: "
                                + connections.places().most()
                                + "): idle ones give way, and others wait until one has left"
                        : "clients take as much memory as they may (limits.memory: "
                                + connections.places().memory().taken() + " of "
                                + connections.places().memory().bound()
                                + " bytes): idle ones give way, and others wait",
                null);
        connections.places().makeRoom();
        Thread.sleep(FOR_ROOM);
    }

    /** Accepts a client for the place that was taken, or gives the place back; false if there was nobody. */
    private boolean acceptInto(Acceptor acceptor, Loop loop) throws IOException {
        SocketChannel client = null;
        try {
            client = acceptor.tryAccept();
        } finally {
            if (client == null) {
                connections.giveBackPlace();
            }
        }
        if (client != null) {
            serve(client, loop);
        }
        return client != null;
    }

    private void serve(SocketChannel client, Loop loop) {
        connections.serve(new ClientConnection(proxy, client, loops.leastBusy(loop)));
    }

    /** Accepts whom the host has accepted already, and closes the socket. */
    private void stop(Acceptor acceptor, Loop loop) {
        try {
            int left = BACKLOG;
            while (left > 0 && acceptIfThere(acceptor, loop)) {
                left--;
            }
            acceptor.close();
        } catch (IOException e) {
            log.warn("closing the listening socket: " + e.getMessage(), null);
        }
    }

    private boolean acceptIfThere(Acceptor acceptor, Loop loop) throws IOException {
        return connections.tryTakePlace() && acceptInto(acceptor, loop);
    }

    /** Where it listens, with the port it has got. */
    public SocketAddress address() {
        return socket.address();
    }

    /** Serves by this from the next request of each connection on. What is under way ends by what it began with. */
    public void change(Serving serving, Frontend frontend) {
        proxy.change(serving, frontend);
        try {
            socket.mode(frontend.config().mode());
        } catch (IOException e) {
            log.warn("the mode of the listening socket: " + IoReason.of(e), null);
        }
    }

    /**
     * Stops accepting, lets what is in flight end within the drain deadline, and closes the rest. Waits for it. Clients are told to go only
     * when nobody can come any more, or they would come back to be lost.
     */
    @Override
    public void close() {
        stopAccepting();
        proxy.drain();
        connections.wakeAll();
        if (!connections.awaitNone(proxy.timeouts().drain())) {
            connections.closeAll();
            connections.awaitNone(CLOSE_WAIT);
        }
        connections.close();
    }

    private void stopAccepting() {
        try {
            socket.hide();
        } catch (IOException e) {
            log.warn("the file of the listening socket: " + IoReason.of(e), null);
        }
        accepting.forEach(Thread::interrupt);
        try {
            for (Thread thread : accepting) {
                thread.join();
            }
            socket.channel().close(); // if no loop has had it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.warn("closing the listening socket: " + e.getMessage(), null);
        }
    }
}
