// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** A TCP connection on a loop, or one of a Unix domain socket. */
public final class PlainChannel extends Channel {

    private static final int NONE = -1;

    /** A silent peer is asked after a minute, then each quarter of one; Linux takes nine questions without an answer for an end. */
    private static final int KEEP_IDLE_SECONDS = 60;

    private static final int KEEP_INTERVAL_SECONDS = 15;

    private final SocketChannel socket;
    private final SocketWatch watch;
    private final boolean local;
    private int descriptor = NONE;

    /** What was read and not meant for who read it. */
    private @Nullable ByteBuffer ahead;

    /** @param local whether it is a Unix domain socket: no network is between its ends */
    private PlainChannel(SocketChannel socket, SocketWatch watch, boolean local) {
        this.socket = socket;
        this.watch = watch;
        this.local = local;
    }

    /** Puts a connected socket on this loop. */
    public static PlainChannel of(SocketChannel socket, Loop loop) throws IOException {
        boolean local = socket.getLocalAddress() instanceof UnixDomainSocketAddress;
        if (!local) {
            setOptions(socket);
        }
        socket.configureBlocking(false);
        return new PlainChannel(socket, loop.register(socket, SelectionKey.OP_READ), local);
    }

    private static void setOptions(SocketChannel socket) throws IOException {
        socket.setOption(
                StandardSocketOptions.TCP_NODELAY, true); // else the last part of a reply waits for an acknowledgement
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    /**
     * Connects from this loop, waiting for it.
     *
     * @throws DeadlineException if it took longer
     * @throws java.net.ConnectException if it was refused
     * @throws ShortageException if this host cannot make one more connection
     */
    public static PlainChannel connect(SocketAddress address, Loop loop, long deadline) throws IOException {
        return connect(address, loop, deadline, null);
    }

    /**
     * Connects from this loop, waiting for it.
     *
     * @param who is watched meanwhile; null for nobody
     * @throws IOException also what the bystander throws
     */
    public static PlainChannel connect(SocketAddress address, Loop loop, long deadline, @Nullable Bystander who)
            throws IOException {
        SocketChannel socket = open(address);
        try {
            boolean local = address instanceof UnixDomainSocketAddress;
            if (!local) {
                setOptions(socket);
            }
            socket.configureBlocking(false);
            boolean connected = socket.connect(address);
            if (!connected && local) {
                // Nothing of that kind is ever under way: as many wait to be accepted as may, and nobody tells when one
                // fewer does.
                throw new ConnectException("as many wait to be accepted there as may");
            }
            SocketWatch watch = loop.register(socket, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
            PlainChannel channel = new PlainChannel(socket, watch, local);
            if (!connected) {
                channel.finishConnect(deadline, who);
            }
            SelfConnection.refuse(socket.getLocalAddress(), address);
            return channel;
        } catch (BindException e) {
            socket.close();
            throw new ShortageException(e); // nobody asked for an address: there is no port left for this one
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static SocketChannel open(SocketAddress address) throws IOException {
        try {
            return SocketChannel.open(family(address));
        } catch (IOException e) {
            throw new ShortageException(e); // of descriptors, or of memory
        }
    }

    /** A socket of IPv4's own costs the host a little less than one of IPv6 that stands in for it. */
    private static ProtocolFamily family(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return StandardProtocolFamily.UNIX;
        }
        return inet.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    private void finishConnect(long deadline, @Nullable Bystander who) throws IOException {
        watch.writable(false);
        watch.readable(false);
        deadline(deadline);
        bystander(who);
        try {
            do {
                await(SelectionKey.OP_CONNECT);
            } while (!socket.finishConnect());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        bystander(null);
        watch.connected();
        deadline(Deadline.NONE);
    }

    boolean isClosedByHost() {
        SocketCalls calls = socket.isOpen() ? watch.loop().calls() : null;
        return calls != null && (local ? calls.isClosedByPeer(descriptor()) : calls.isClosed(descriptor()));
    }

    boolean isSettled() {
        if (local) {
            return true; // what is written is where the peer reads it
        }
        SocketCalls calls = socket.isOpen() ? watch.loop().calls() : null;
        return calls != null && calls.isSettled(descriptor());
    }

    void probePeer() {
        try {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_IDLE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_INTERVAL_SECONDS);
        } catch (IOException | UnsupportedOperationException e) {
            // then it is asked as often as the host does by itself
        }
    }

    /** Puts back what was read and is not the reader's: whoever reads next gets it first. What is in the buffer is copied. */
    public void unread(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            ahead = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            watch.readable(true);
        }
    }

    /** The socket may have more, which nobody has looked for. */
    private int takeAhead(ByteBuffer from, ByteBuffer into) {
        int n = Math.min(from.remaining(), into.remaining());
        into.put(from.slice(from.position(), n));
        from.position(from.position() + n);
        ahead = from.hasRemaining() ? from : null;
        return n;
    }

    @Override
    public int tryRead(ByteBuffer into) throws IOException {
        if (!watch.readable()) {
            return 0;
        }
        ByteBuffer before = ahead;
        if (before != null) {
            return takeAhead(before, into);
        }
        watch.readable(false);
        int n = receive(into);
        charge(n);
        if (n < 0 || !into.hasRemaining()) {
            watch.readable(true); // there may be more; a short read says there is none, and the selector will tell
        }
        return n;
    }

    @Override
    public int tryWrite(ByteBuffer from) throws IOException {
        if (!watch.writable()) {
            return 0;
        }
        int n = send(from);
        charge(n);
        if (from.hasRemaining()) {
            watch.writable(false);
        }
        return n;
    }

    @Override
    public long tryWrite(ByteBuffer[] from, int offset, int length) throws IOException {
        if (!watch.writable()) {
            return 0;
        }
        long n = socket.write(from, offset, length);
        charge(n);
        if (hasRemaining(from, offset, length)) {
            watch.writable(false);
        }
        return n;
    }

    private void charge(long bytes) {
        watch.loop().turn().charge(Turn.CALL + Math.max(bytes, 0));
    }

    private int receive(ByteBuffer into) throws IOException {
        SocketCalls calls = calls(into);
        return calls == null ? socket.read(into) : calls.receive(descriptor, into);
    }

    private int send(ByteBuffer from) throws IOException {
        SocketCalls calls = calls(from);
        return calls == null ? socket.write(from) : calls.send(descriptor, from);
    }

    /** The host's own calls, if they can be used for this buffer here and now: see {@link SocketCalls}. */
    private @Nullable SocketCalls calls(ByteBuffer buffer) {
        SocketCalls calls = watch.loop().calls();
        if (calls == null || !buffer.isDirect() || !buffer.hasRemaining() || !socket.isOpen()) {
            return null;
        }
        descriptor();
        return calls;
    }

    private int descriptor() {
        if (descriptor == NONE) {
            descriptor = SocketCalls.descriptor(socket);
        }
        return descriptor;
    }

    /** The last one may be empty while one before it is not. */
    private static boolean hasRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset + length - 1; i >= offset; i--) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean tryFlush() {
        return true;
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Without TLS the end of the stream says no more than that. */
    @Override
    public void breakOff() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void abort() {
        resetOnClose();
        closeSocket();
    }

    private void resetOnClose() {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // then it is closed already, or will be told in the ordinary way
        }
    }

    @Override
    public void close() {
        if (isCutShort()) {
            resetOnClose();
        }
        closeSocket();
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // nobody can do anything about it
        }
        watch.closed();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    Watch watch() {
        return watch;
    }

    @Override
    protected PlainChannel socket() {
        return this;
    }

    @Override
    protected int socketOps(int ops) {
        return ops;
    }

    @Override
    public boolean isReady(int ops) {
        return watch.isReady(ops);
    }
}
