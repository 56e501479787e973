// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.MemoryShortage;
import io.waffle.server.loop.Offload;
import io.waffle.server.loop.PlainChannel;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over a {@link PlainChannel}. {@link #handshake} comes first. The end of the stream is the peer's close_notify; a connection that just
 * ends is an {@link SSLException}, since anybody on the road could have cut it. After the peer's end a TLS 1.3 connection can still be
 * written to; one of TLS 1.2 cannot (RFC 5246 section 7.2.1).
 *
 * <p>A failure is final: every later use fails the same way. A {@link MemoryShortage} is none.
 */
public final class TlsChannel extends Channel {

    private final PlainChannel socket;
    private final TlsRecords records;
    private final Offload handshakes;

    /** Held for the length of each operation, so that a close by another thread leaves the buffers to whoever uses them. */
    private final AtomicBoolean busy = new AtomicBoolean();

    private volatile boolean closed;
    private boolean established;
    private boolean ending; // no more will come from this side, which the peer has been told, or will be
    private boolean halfClosed; // and the host has been told behind it
    private boolean brokenOff; // nor has the peer been told that this was all, and will not be
    private @Nullable Throwable failure;

    private TlsChannel(PlainChannel socket, TlsRecords records, Offload handshakes) {
        this.socket = socket;
        this.records = records;
        this.handshakes = handshakes;
    }

    /** The listener's side of a connection. */
    public static TlsChannel server(PlainChannel socket, ServerTls tls) throws IOException {
        return new TlsChannel(socket, tls.records(socket), Offload.CLIENT_HANDSHAKES);
    }

    /**
     * Our side of a connection to a backend.
     *
     * @param host whom the backend's certificate must name: the name or address literal of its URL
     */
    public static TlsChannel client(PlainChannel socket, ClientTls tls, String host, int port) throws IOException {
        return new TlsChannel(
                socket,
                new JsseRecords(JsseBeginning.ofClient(tls.engine(host, port)), socket),
                Offload.BACKEND_HANDSHAKES);
    }

    /**
     * Agrees on keys with the peer, waiting as needed. The arithmetic is done off the loop, where it holds up nobody else. If it fails, the
     * channel is closed, but for one case.
     *
     * @throws PlaintextException if the peer does not speak TLS but seems to speak HTTP: the socket below is left open, to tell it
     * @throws DeadlineException if it took longer
     * @throws SSLException if there is no agreement; the peer has been told
     */
    public void handshake(long deadline) throws IOException {
        deadline(deadline);
        boolean plaintext = false;
        try {
            agree(deadline);
            deadline(Deadline.NONE);
        } catch (PlaintextException e) {
            plaintext = true;
            throw e;
        } finally {
            if (!established && !plaintext) {
                close();
            }
        }
    }

    private void agree(long deadline) throws IOException {
        while (!established) {
            switch (advance()) {
                case READ -> await(READ);
                case WRITE -> await(WRITE);
                case COMPUTE -> offload(deadline);
                case DONE -> established = true;
            }
        }
    }

    private void offload(long deadline) throws IOException {
        try {
            handshakes.call(this::compute, deadline);
        } catch (SocketTimeoutException e) {
            throw new DeadlineException(this);
        }
    }

    private TlsRecords.Next advance() throws IOException {
        enter();
        try {
            return records.advance();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            exit();
        }
    }

    /**
     * Holds the channel like any operation, though on another thread: a close meanwhile leaves the rest to it. Whoever has left while it
     * waited for that thread is not computed for.
     */
    private @Nullable Void compute() throws IOException {
        enter();
        try {
            if (!records.peerIsThere()) {
                throw new SSLException("the peer left before its handshake");
            }
            records.compute();
            return null;
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            exit();
        }
    }

    /** What was agreed on: {@code TLSv1.3} or {@code TLSv1.2}. */
    public String protocol() {
        return records.protocol();
    }

    /** What ALPN agreed on; empty if the peer did not offer anything. */
    public String applicationProtocol() {
        return records.applicationProtocol();
    }

    /** By what the peer was asked for a certificate. Once the handshake is over. */
    public ClientPolicy clientPolicy() {
        return records.clientPolicy();
    }

    /** The name the peer asked for, if that decided what it was asked for; null for none. Once the handshake is over. */
    public @Nullable String askedName() {
        return records.askedName();
    }

    /** What the peer has shown, its own certificate first, as DER; empty for nothing. Once the handshake is over. */
    public List<byte[]> peerCertificates() throws IOException {
        enter();
        try {
            return records.peerCertificates();
        } finally {
            exit();
        }
    }

    @Override
    public int tryRead(ByteBuffer into) throws IOException {
        enter();
        try {
            flushed();
            return records.decrypt(into);
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            exit();
        }
    }

    @Override
    public int tryWrite(ByteBuffer from) throws IOException {
        return (int) tryWrite(new ByteBuffer[] {from}, 0, 1);
    }

    @Override
    public long tryWrite(ByteBuffer[] from, int offset, int length) throws IOException {
        enter();
        try {
            long taken = 0;
            while (flushed() && TlsRecords.hasRemaining(from, offset, length)) {
                taken += records.encrypt(from, offset, length);
            }
            return taken;
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            exit();
        }
    }

    @Override
    public boolean tryFlush() throws IOException {
        enter();
        try {
            return flushed();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            exit();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        enter();
        try {
            end();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            exit();
        }
    }

    /** The peer's host is told, too, but behind the last record: without that it would take what is missing for cut off. */
    private void end() throws IOException {
        if (!ending) {
            ending = true;
            records.closeOutput();
        }
        flushed();
    }

    /** Sends what has not left yet; true if nothing of it is left. */
    private boolean flushed() throws IOException {
        if (!records.flush()) {
            return false;
        }
        if (ending && !halfClosed) {
            halfClosed = true;
            socket.shutdownOutput();
        }
        return true;
    }

    @Override
    public void finish() throws IOException {
        shutdownOutput();
        flush();
        finished();
    }

    @Override
    public void breakOff() throws IOException {
        brokenOff = true;
        socket.breakOff();
    }

    @Override
    public void abort() {
        closed = true;
        socket.abort();
        releaseUnlessBusy();
    }

    @Override
    public void close() {
        if (isCutShort()) {
            abort();
            return;
        }
        boolean first = !closed;
        closed = true;
        if (busy.compareAndSet(false, true)) {
            try {
                if (first && established && !brokenOff && failure == null) {
                    sayGoodbye();
                }
            } finally {
                releaseAndExit();
                socket.close();
            }
        } else {
            socket.close(); // whoever is in here releases
        }
    }

    /** If it cannot be said at once it is not said: the peer takes that for a truncation, which is what it is. */
    private void sayGoodbye() {
        try {
            end();
        } catch (IOException | RuntimeException | Error e) {
            // the peer has gone first, or there is no memory for it: whatever it is, nothing may keep the socket from
            // being closed
        }
    }

    @Override
    public boolean isOpen() {
        return !closed && socket.isOpen();
    }

    @Override
    protected PlainChannel socket() {
        return socket;
    }

    /**
     * Whatever is waited for, what was taken over goes out when the socket has room. Where nothing is read before that, what has arrived
     * makes no progress: to wait for it would be to wake for it again and again.
     */
    @Override
    protected int socketOps(int ops) {
        if (!records.pending()) {
            return ops & ~WRITE;
        }
        return records.deaf() ? WRITE : ops | WRITE;
    }

    /** What was taken over is sent without further asking, so this sends: every wait comes by here. */
    @Override
    protected boolean isReady(int ops) {
        try {
            enter();
        } catch (IOException e) {
            return ops != 0; // the next use tells
        }
        try {
            boolean writable = flushed();
            boolean ready = ((ops & READ) != 0 && records.readable()) || ((ops & WRITE) != 0 && writable);
            if (!ready) {
                records.settle();
            }
            return ready;
        } catch (IOException | MemoryShortage e) {
            fail(e);
            return ops != 0;
        } finally {
            exit();
        }
    }

    private void enter() throws IOException {
        if (!busy.compareAndSet(false, true)) {
            throw new AsynchronousCloseException(); // nobody else but a closing thread can be in here
        }
        Throwable before = failure;
        if (closed || before != null) {
            exit();
            throw before == null ? new ClosedChannelException() : new IOException(before.getMessage(), before);
        }
    }

    private void exit() {
        busy.set(false);
        if (closed) {
            releaseUnlessBusy();
        }
    }

    private void releaseUnlessBusy() {
        if (busy.compareAndSet(false, true)) {
            releaseAndExit();
        }
    }

    private void releaseAndExit() {
        try {
            records.release();
        } finally {
            busy.set(false);
        }
    }

    /**
     * After an error of any kind nothing is certain any more, so that nothing can look whole: no goodbye follows. But memory is asked for before
     * anything is done with it: where there is none, all is as it was, and the client can be told.
     */
    private void fail(Throwable e) {
        if (e instanceof MemoryShortage) {
            return;
        }
        failure = e;
        if (e instanceof SSLException) {
            records.alert();
        }
        records.release();
    }
}
