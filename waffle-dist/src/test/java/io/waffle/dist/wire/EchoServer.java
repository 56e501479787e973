// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Echoes, and does what it is told by certain words. */
final class EchoServer extends WebSocketServer {
    static final String PING_ME = "ping me";
    static final String PONGED = "ponged";
    static final String CLOSE_ME = "close me";

    private final CountDownLatch started = new CountDownLatch(1);
    private final BlockingQueue<String> closes = new LinkedBlockingQueue<>();

    private EchoServer() {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    }

    static EchoServer running() throws InterruptedException {
        var server = new EchoServer();
        server.setConnectionLostTimeout(0); // no pings of its own
        server.setDaemon(true);
        server.start();
        if (!server.started.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("WebSocket server: not started");
        }
        return server;
    }

    /** How the next connection ended that ended properly. */
    String nextClose() throws InterruptedException {
        String close = closes.poll(20, TimeUnit.SECONDS);
        if (close == null) {
            throw new AssertionError("no connection was closed");
        }
        return close;
    }

    @Override
    public void onStart() {
        started.countDown();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        // nothing to do until a message comes
    }

    @Override
    public void onMessage(WebSocket socket, String message) {
        switch (message) {
            case PING_ME -> socket.sendPing();
            case CLOSE_ME -> socket.close(4_002, "done");
            default -> socket.send(message);
        }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
        socket.send(message);
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata frame) {
        socket.send(PONGED);
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {
        if (code == CloseFrame.ABNORMAL_CLOSE) {
            return; // a client that just went
        }
        closes.add("closed by the " + (remote ? "client" : "server") + ": " + code + " " + reason);
    }

    @Override
    public void onError(WebSocket socket, Exception e) {
        if (!(e instanceof IOException)) { // else a client that just went, by a reset
            closes.add("failed: " + e);
        }
    }
}
