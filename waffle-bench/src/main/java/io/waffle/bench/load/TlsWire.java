// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** The client's side of TLS. The handshake is made with the channel blocking; afterwards it may be either. */
final class TlsWire implements Wire {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer in;
    private final ByteBuffer out;
    private boolean hasMore;

    private TlsWire(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        in = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
        out = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
    }

    static TlsWire connect(SocketChannel channel, SSLEngine engine) throws IOException {
        engine.setUseClientMode(true);
        var wire = new TlsWire(channel, engine);
        engine.beginHandshake();
        wire.handshake(ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
        return wire;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public void send(ByteBuffer request) throws IOException {
        wrap(request.duplicate());
    }

    @Override
    public int receive(ByteBuffer dst) throws IOException {
        int before = dst.position();
        boolean ended = channel.read(in) < 0;
        unwrapAll(dst);
        int produced = dst.position() - before;
        return produced == 0 && (ended || engine.isInboundDone()) ? -1 : produced;
    }

    @Override
    public boolean hasMore() {
        return hasMore;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void handshake(ByteBuffer content) throws IOException {
        boolean needsBytes = false;
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (needsBytes && channel.read(in) < 0) {
                        throw new EOFException("closed during the TLS handshake");
                    }
                    needsBytes = unwrap(content) == SSLEngineResult.Status.BUFFER_UNDERFLOW;
                }
                case NEED_TASK -> runTasks();
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void unwrapAll(ByteBuffer dst) throws IOException {
        hasMore = false;
        while (in.position() > 0) {
            SSLEngineResult.Status status = unwrap(dst);
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                runTasks();
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isInboundDone()) {
                wrap(NOTHING);
            }
            if (status != SSLEngineResult.Status.OK) {
                hasMore = status == SSLEngineResult.Status.BUFFER_OVERFLOW;
                return;
            }
        }
    }

    private SSLEngineResult.Status unwrap(ByteBuffer dst) throws IOException {
        in.flip();
        SSLEngineResult.Status status = engine.unwrap(in, dst).getStatus();
        in.compact();
        return status;
    }

    private void wrap(ByteBuffer src) throws IOException {
        do {
            out.clear();
            engine.wrap(src, out);
            out.flip();
            Wire.writeAll(channel, out);
        } while (src.hasRemaining());
    }

    private void runTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }
}
