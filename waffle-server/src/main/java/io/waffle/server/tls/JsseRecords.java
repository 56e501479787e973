// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.MemoryBudget.Use;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.Turn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Either side of a connection by the Java runtime's {@link SSLEngine}. Ciphertext is kept in buffers on the heap: the JDK's AES-GCM takes
 * half the time on arrays, and the copy at the socket costs less than that (docs/adr/0007).
 *
 * <p>It is long, with short methods: all of them move between the same three buffers, and who owns which is decided nowhere else.
 */
final class JsseRecords implements TlsRecords {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Empty records and key updates cost us work and the peer next to nothing. OpenSSL's limit is 32. */
    private static final int MAX_RECORDS_WITHOUT_DATA = 100;

    private SSLEngine engine;
    private final PlainChannel socket;
    private final Buffers buffers;
    private final Turn turn;

    /** Ciphertext that came in, ready to be read. */
    private @Nullable ByteBuffer received;

    /** Plaintext for which the caller had too little room, ready to be read. */
    private @Nullable ByteBuffer left;

    /** Ciphertext on its way out, ready to be read. */
    private @Nullable ByteBuffer sending;

    private Use use; // what is borrowed for: a connection of a client, up to the end of the handshake, or work
    private boolean begun;
    private boolean heard; // something has come
    private boolean answered; // the peer was told something, to which it may have said its last word by now
    private boolean starved = true; // what was received is not a whole record
    private boolean answerDue; // the engine has something to say of its own accord
    private boolean ended; // the peer has said that no more will come
    private int withoutData; // records in a row

    /** By what it has begun, or, while a hello is read, will if that has no name. */
    private JsseBeginning beginning;

    /** Has to be over before it begins; null if there is nothing to choose. */
    private @Nullable JsseHello hello;

    JsseRecords(JsseBeginning beginning, PlainChannel socket) {
        this(beginning, null, socket);
    }

    /** Begins by what the hello asks for. */
    JsseRecords(JsseHello hello, PlainChannel socket) {
        this(hello.beginning(), hello, socket);
    }

    private JsseRecords(JsseBeginning beginning, @Nullable JsseHello hello, PlainChannel socket) {
        TlsRules.begin();
        this.beginning = beginning;
        this.engine = beginning.engine();
        this.hello = hello;
        this.socket = socket;
        this.buffers = socket.loop().buffers();
        this.turn = socket.loop().turn();
        this.use = engine.getUseClientMode() ? Use.WORK : Use.CONNECTION;
    }

    @Override
    public Next advance() throws IOException {
        if (!begun) {
            if (engine.getUseClientMode()) {
                return Next.COMPUTE; // the first thing a client says has a key in it
            }
            JsseHello first = hello;
            Next next = first == null ? Next.DONE : meet(first);
            if (next != Next.DONE) {
                return next;
            }
            begin();
        }
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                return Next.COMPUTE;
            }
            if (!flush()) {
                return Next.WRITE;
            }
            if (status == HandshakeStatus.NEED_WRAP) {
                wrapAnswer();
            } else if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
                use = Use.WORK;
                return Next.DONE;
            } else if (turn.isSpent() || (starved && !receive())) {
                return Next.READ; // a hello may come in thousands of records
            } else {
                unwrapHandshake();
            }
        }
    }

    /** Reads the hello before anything else does, and begins by what it asks for. */
    private Next meet(JsseHello first) throws IOException {
        Next next = first.read(received());
        while (next == Next.READ && receive()) {
            turn.charge(Turn.RECORD);
            next = first.read(received());
        }
        starved = next == Next.READ || !received().hasRemaining();
        if (next == Next.DONE) {
            hello = null;
            beginning = first.beginning();
            engine = beginning.engine();
        }
        return next;
    }

    @Override
    public boolean peerIsThere() throws IOException {
        if (answered || !socket.isReady(Channel.READ)) {
            return true;
        }
        int n = take();
        starved &= n == 0;
        return n >= 0;
    }

    @Override
    public void compute() throws IOException {
        if (hello != null) {
            hello.compute();
            return;
        }
        if (!begun) {
            begin();
            wrapAnswer();
        }
        JsseHandshake answers = beginning.answers();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            if (answers == null) {
                task.run();
            } else {
                answers.run(task);
            }
        }
        answered = true;
    }

    private void begin() throws SSLException {
        begun = true;
        engine.beginHandshake();
    }

    @Override
    public String protocol() {
        return engine.getSession().getProtocol();
    }

    @Override
    public String applicationProtocol() {
        String agreed = engine.getApplicationProtocol();
        return agreed == null ? "" : agreed;
    }

    @Override
    public ClientPolicy clientPolicy() {
        return beginning.policy();
    }

    @Override
    public @Nullable String askedName() {
        return beginning.asked();
    }

    @Override
    public List<byte[]> peerCertificates() {
        List<byte[]> shown = new ArrayList<>();
        try {
            for (Certificate each : engine.getSession().getPeerCertificates()) {
                shown.add(each.getEncoded());
            }
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // which is JSSE's way to say that there are none
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
        return shown;
    }

    /** The end of the peer's input means something else while there is no connection yet. */
    private void unwrapHandshake() throws IOException {
        ByteBuffer in = received();
        listen(in);
        turn.charge(Turn.RECORD);
        SSLEngineResult result = engine.unwrap(in, NOTHING.duplicate());
        starved = result.getStatus() == Status.BUFFER_UNDERFLOW || !in.hasRemaining();
        releaseReceived();
        if (result.getStatus() == Status.CLOSED) {
            throw new SSLHandshakeException("the peer gave up during the handshake");
        }
    }

    /** Before there are keys anybody can send records that the engine takes for nothing; a client has use for very few. */
    private void listen(ByteBuffer in) throws SSLException {
        byte type = in.get(in.position());
        if (!heard && !engine.getUseClientMode()) {
            PlaintextException.check(type);
        }
        heard = true;
        if (type != JsseHello.HANDSHAKE && ++withoutData > MAX_RECORDS_WITHOUT_DATA) {
            throw new SSLHandshakeException("too many TLS records beside those of the handshake");
        }
    }

    @Override
    public boolean flush() throws IOException {
        while (send()) {
            if (!answerDue) {
                return true;
            }
            wrapAnswer();
        }
        return false;
    }

    private boolean send() throws IOException {
        ByteBuffer out = sending;
        if (out == null) {
            return true;
        }
        socket.tryWrite(out);
        if (out.hasRemaining()) {
            return false;
        }
        sending = null;
        buffers.onHeap().giveBack(out);
        return true;
    }

    /** Collects what the engine has to say: flights of a handshake, alerts, key updates. Nothing may be on its way out. */
    private void wrapAnswer() throws IOException {
        ByteBuffer out = buffers.onHeap().borrow(use);
        try {
            boolean more;
            do {
                SSLEngineResult result = engine.wrap(NOTHING, out);
                more = result.bytesProduced() > 0 && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            } while (more && hasRoom(out));
            answerDue = more;
        } finally {
            queue(out);
        }
    }

    /** As much as one buffer of ciphertext takes. */
    @Override
    public long encrypt(ByteBuffer[] from, int offset, int length) throws IOException {
        ByteBuffer out = buffers.onHeap().borrow(use);
        long taken = 0;
        try {
            SSLEngineResult result;
            do {
                turn.charge(Turn.RECORD);
                result = engine.wrap(from, offset, length, out);
                if (result.getStatus() == Status.CLOSED) {
                    throw new SSLException("this side of the TLS connection has been closed");
                }
                answerDue = result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
                taken += result.bytesConsumed();
            } while (hasRoom(out) && result.bytesProduced() > 0 && TlsRecords.hasRemaining(from, offset, length));
        } finally {
            queue(out);
        }
        return taken;
    }

    /** Less than the room for the largest record there may be is of no use to the engine. */
    private boolean hasRoom(ByteBuffer out) {
        return out.remaining() >= engine.getSession().getPacketBufferSize();
    }

    private void queue(ByteBuffer out) {
        if (out.flip().hasRemaining()) {
            sending = out;
        } else {
            buffers.onHeap().giveBack(out);
        }
    }

    @Override
    public int decrypt(ByteBuffer into) throws IOException {
        int start = into.position();
        boolean go = true;
        while (go && left == null && into.hasRemaining()) {
            boolean some = into.position() > start;
            if (ended || (answerDue && !flush()) || (starved && (some || !receive()))) {
                break; // a peer that does not take our answers gets no more of its questions read
            }
            if (!unwrap(into)) {
                if (some) {
                    break;
                }
                unwrapAside();
            }
            go = !turn.isSpent();
        }
        drainLeft(into);
        int n = into.position() - start;
        return n == 0 && ended && into.hasRemaining() ? -1 : n;
    }

    /** False if {@code into} has too little room for the next record. */
    private boolean unwrap(ByteBuffer into) throws IOException {
        ByteBuffer in = received();
        turn.charge(Turn.RECORD);
        SSLEngineResult result = engine.unwrap(in, into);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            return false;
        }
        starved = result.getStatus() == Status.BUFFER_UNDERFLOW || !in.hasRemaining();
        ended = engine.isInboundDone();
        releaseReceived();
        countDataless(result);
        switch (result.getHandshakeStatus()) {
            case NEED_WRAP -> answerDue = true;
            case NEED_TASK -> throw new SSLException("the peer asked to renegotiate, which is not supported");
            default -> {}
        }
        return true;
    }

    private void countDataless(SSLEngineResult result) throws SSLException {
        if (result.bytesProduced() > 0) {
            withoutData = 0;
        } else if (result.bytesConsumed() > 0) {
            turn.charge(Turn.REKEY);
            if (++withoutData > MAX_RECORDS_WITHOUT_DATA) {
                throw new SSLException("too many TLS records without data");
            }
        }
    }

    private void unwrapAside() throws IOException {
        ByteBuffer aside = buffers.large();
        try {
            unwrap(aside);
        } finally {
            if (aside.flip().hasRemaining()) {
                left = aside;
            } else {
                buffers.giveBack(aside);
            }
        }
    }

    private void drainLeft(ByteBuffer into) {
        ByteBuffer from = left;
        if (from == null) {
            return;
        }
        int n = Math.min(from.remaining(), into.remaining());
        into.put(into.position(), from, from.position(), n);
        into.position(into.position() + n);
        from.position(from.position() + n);
        if (!from.hasRemaining()) {
            left = null;
            buffers.giveBack(from);
        }
    }

    /** Reads ciphertext from the socket; false if there is none now. */
    private boolean receive() throws IOException {
        if (!socket.isReady(Channel.READ)) {
            return false;
        }
        int n = take();
        if (n < 0) {
            throw new SSLException("the connection ended without a TLS close_notify");
        }
        starved = n == 0;
        return n > 0;
    }

    /** Reads what there is room for behind what was received before. As a read. */
    private int take() throws IOException {
        ByteBuffer in = received == null
                ? buffers.onHeap().borrow(use)
                : buffers.onHeap().roomy(received);
        received = in;
        try {
            return socket.tryRead(in);
        } finally {
            in.flip();
            releaseReceived();
        }
    }

    @Override
    public void settle() {
        received = buffers.onHeap().settled(received);
        sending = buffers.onHeap().settled(sending);
    }

    private ByteBuffer received() {
        ByteBuffer in = received;
        return in == null ? NOTHING : in;
    }

    private void releaseReceived() {
        ByteBuffer in = received;
        if (in != null && !in.hasRemaining()) {
            received = null;
            buffers.onHeap().giveBack(in);
        }
    }

    @Override
    public void closeOutput() throws IOException {
        engine.closeOutbound();
        answerDue = true;
        flush();
    }

    @Override
    public void alert() {
        try {
            answerDue = true;
            flush();
        } catch (IOException e) {
            // the failure that led here is the one to report
        }
    }

    @Override
    public boolean readable() {
        return left != null || ended || (!answerDue && (!starved || socket.isReady(Channel.READ)));
    }

    @Override
    public boolean deaf() {
        return answerDue;
    }

    @Override
    public boolean pending() {
        return sending != null;
    }

    @Override
    public void release() {
        buffers.onHeap().giveBack(received);
        buffers.onHeap().giveBack(sending);
        if (left != null) {
            buffers.giveBack(left);
        }
        received = null;
        left = null;
        sending = null;
    }
}
