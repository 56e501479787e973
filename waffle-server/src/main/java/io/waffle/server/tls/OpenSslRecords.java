// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.MemoryBudget.Use;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.Shelf;
import io.waffle.server.loop.Turn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The listener's side of a connection by OpenSSL. Ciphertext passes through a pipe that is borrowed while there is something in it; what of
 * a record has come in so far, and plaintext for which the caller had too little room, OpenSSL keeps itself.
 */
final class OpenSslRecords implements TlsRecords {

    /**
     * Empty records and key updates cost us work and the peer next to nothing. A record that carries data gives it once it is whole, so
     * more ciphertext without data than the largest record has (TLS 1.2's: RFC 5246 section 6.2.3) is such.
     */
    private static final int MAX_WITHOUT_DATA = 5 + (1 << 14) + 2048;

    /**
     * Room for any record, whatever was negotiated about its length and however the system has it padded: no more than TLS 1.3 lets there be
     * (RFC 8446 section 5.2), and more than TLS 1.2's suites add to a full one.
     */
    private static final int RECORD = 5 + (1 << 14) + 256;

    /** Room for an answer that OpenSSL owes the peer and sends before our data: a key update. */
    private static final int ANSWER = 128;

    private final PlainChannel socket;
    private final Buffers buffers;
    private final Shelf<OpenSslPipe> pipes;
    private final Turn turn;

    /** OpenSSL's object, freed by {@link #release} and nowhere else; 0 from then on. */
    private long ssl;

    private @Nullable OpenSslPipe pipe;
    private Use use = Use.CONNECTION; // what is borrowed for, up to the end of the handshake
    private boolean unsent; // something waits for room at the socket
    private boolean begun; // something has come
    private boolean established;
    private boolean answered; // the peer was told something, to which it may have said its last word by now
    private boolean starved = true; // what was received is not a whole record
    private boolean ended; // the peer has said that no more will come
    private boolean goodbyeDue; // close_notify has found no room
    private int withoutData; // bytes in a row
    private String protocol = "";
    private String applicationProtocol = "";

    /** By which all go that ask nothing. */
    private final ClientPolicy policy;

    /** What OpenSSL is told when it asks; null if it has nothing to ask. */
    private final @Nullable OpenSslHandshake answers;

    OpenSslRecords(OpenSslSide side, PlainChannel socket, @Nullable OpenSslHandshake answers) throws SSLException {
        this.policy = side.policy();
        this.answers = answers;
        this.socket = socket;
        this.buffers = socket.loop().buffers();
        this.pipes = buffers.shelf(OpenSslPipe.KIND);
        this.turn = socket.loop().turn();
        this.ssl = side.context().accept();
    }

    @Override
    public Next advance() throws IOException {
        if (!flush()) {
            return Next.WRITE;
        }
        if (established) {
            return Next.DONE;
        }
        if (starved && !receive()) {
            return Next.READ;
        }
        if (!begun) {
            begun = true;
            PlaintextException.check(attached().first());
        }
        return Next.COMPUTE;
    }

    @Override
    public boolean peerIsThere() throws IOException {
        return answered || !socket.isReady(Channel.READ) || attached().receiveMore(socket) >= 0;
    }

    @Override
    public void compute() throws IOException {
        OpenSslPipe through = attached();
        int result = answers == null ? OpenSsl.handshake(ssl) : answers.run(ssl);
        answered |= through.pending();
        if (result == 1) {
            established = true;
            use = Use.WORK;
            starved = through.received() == 0; // the client need not wait with its first request
            withoutData = 0;
            protocol = OpenSsl.isTls13(ssl) ? "TLSv1.3" : "TLSv1.2";
            applicationProtocol = OpenSsl.applicationProtocol(ssl);
        } else {
            int error = OpenSsl.error(ssl, result);
            starved = error == OpenSsl.WANT_READ && through.received() == 0;
            if (error != OpenSsl.WANT_READ && error != OpenSsl.WANT_WRITE) {
                throw new SSLHandshakeException("TLS handshake: " + OpenSsl.reason());
            }
        }
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public String applicationProtocol() {
        return applicationProtocol;
    }

    @Override
    public ClientPolicy clientPolicy() {
        return answers == null ? policy : answers.policy();
    }

    @Override
    public @Nullable String askedName() {
        return answers == null ? null : answers.askedName();
    }

    @Override
    public List<byte[]> peerCertificates() {
        return ssl == 0 ? List.of() : OpenSslClients.shown(ssl);
    }

    @Override
    public boolean flush() throws IOException {
        unsent = !sent();
        return !unsent;
    }

    private boolean sent() throws IOException {
        while (pipe == null || pipe.send(socket)) {
            if (!goodbyeDue) {
                giveBackIfEmpty();
                return true;
            }
            goodbyeDue = false;
            attached();
            OpenSsl.shutdown(ssl);
        }
        return false;
    }

    @Override
    public long encrypt(ByteBuffer[] from, int offset, int length) throws IOException {
        OpenSslPipe through = attached();
        long taken = 0;
        for (int i = offset; i < offset + length; i++) {
            ByteBuffer next = from[i];
            while (next.hasRemaining()) {
                if (through.room() < RECORD + ANSWER) {
                    return taken; // so OpenSSL never has to wait with a record half written
                }
                taken += seal(next);
            }
        }
        return taken;
    }

    /** One record. How much goes into it is for OpenSSL to say, which knows what the client has asked for. */
    private int seal(ByteBuffer from) throws SSLException {
        turn.charge(Turn.RECORD);
        int n = from.isDirect() ? write(from, from.remaining()) : sealCopy(from, from.remaining());
        from.position(from.position() + n);
        return n;
    }

    private int write(ByteBuffer from, int length) throws SSLException {
        int n = OpenSsl.write(ssl, from, length);
        if (n <= 0) {
            throw new SSLException("TLS: " + OpenSsl.reason());
        }
        return n;
    }

    /** OpenSSL works outside the heap; whoever cares for speed does so, too. */
    private int sealCopy(ByteBuffer from, int length) throws SSLException {
        ByteBuffer copy = buffers.large();
        try {
            int n = Math.min(length, copy.remaining());
            return write(copy.put(0, from, from.position(), n), n);
        } finally {
            buffers.giveBack(copy);
        }
    }

    @Override
    public int decrypt(ByteBuffer into) throws IOException {
        int start = into.position();
        boolean go = true;
        while (go && into.hasRemaining() && !ended) {
            if (starved && (into.position() > start || !receive())) {
                break;
            }
            open(into);
            go = !turn.isSpent();
        }
        giveBackIfEmpty();
        int n = into.position() - start;
        return n == 0 && ended && into.hasRemaining() ? -1 : n;
    }

    /** The next record, or the rest of one, or as much of it as there is room for. */
    private void open(ByteBuffer into) throws SSLException {
        OpenSslPipe through = attached();
        turn.charge(Turn.RECORD);
        int room = into.remaining();
        int n = into.isDirect() ? OpenSsl.read(ssl, into) : openCopy(into);
        if (n <= 0) {
            noData(through, OpenSsl.error(ssl, n));
            return;
        }
        if (into.isDirect()) {
            into.position(into.position() + n);
        }
        withoutData = 0;
        starved = through.received() == 0 && (n < room || OpenSsl.pending(ssl) == 0);
    }

    private int openCopy(ByteBuffer into) {
        ByteBuffer copy = buffers.large();
        try {
            int n = OpenSsl.read(ssl, copy.limit(Math.min(copy.capacity(), into.remaining())));
            if (n > 0) {
                into.put(copy.limit(n));
            }
            return n;
        } finally {
            buffers.giveBack(copy);
        }
    }

    private void noData(OpenSslPipe through, int error) throws SSLException {
        switch (error) {
            case OpenSsl.WANT_READ -> {
                starved = through.received() == 0;
                if (!starved) { // that record had no data, and more follow
                    turn.charge(Turn.REKEY);
                }
            }
            case OpenSsl.ZERO_RETURN -> ended = true;
            default -> throw new SSLException("TLS: " + OpenSsl.reason());
        }
        if (withoutData - through.received() > MAX_WITHOUT_DATA) { // what has not been looked at may be data
            throw new SSLException("too many TLS records without data");
        }
    }

    /** Reads ciphertext from the socket; false if there is none now. What was received before has been taken. */
    private boolean receive() throws IOException {
        if (!socket.isReady(Channel.READ)) {
            return false;
        }
        int n = attached().receive(socket);
        if (n < 0) {
            throw new SSLException("the connection ended without a TLS close_notify");
        }
        withoutData += n;
        starved = n == 0;
        return n > 0;
    }

    @Override
    public void closeOutput() throws IOException {
        goodbyeDue = ssl != 0; // whoever closes may come just behind the one who saw the close and released all
        flush();
    }

    @Override
    public void alert() {
        try {
            if (pipe != null) {
                pipe.send(socket);
            }
        } catch (IOException e) {
            // the failure that led here is the one to report
        }
    }

    @Override
    public boolean readable() {
        return ended || !starved || socket.isReady(Channel.READ);
    }

    @Override
    public boolean deaf() {
        return false;
    }

    /** Asked by whoever waits, while another thread may be closing and the pipe be gone: what the last {@link #flush} found. */
    @Override
    public boolean pending() {
        return unsent;
    }

    @Override
    public void settle() {
        giveBackIfEmpty(); // of a part of a record OpenSSL has taken all there is
    }

    /** The pipe, which OpenSSL holds on to as well. */
    private OpenSslPipe attached() {
        OpenSslPipe through = pipe;
        if (through == null) {
            through = pipes.borrow(use);
            pipe = through;
            OpenSsl.attach(ssl, through.bio());
        }
        return through;
    }

    private void giveBackIfEmpty() {
        OpenSslPipe through = pipe;
        if (through != null && through.isEmpty()) {
            OpenSsl.detach(ssl);
            pipe = null;
            pipes.giveBack(through);
        }
    }

    /** Also after a failure in the middle of anything: OpenSSL lets go of the pipe first, so nothing points to it when another takes it. */
    @Override
    public void release() {
        if (ssl != 0) {
            OpenSsl.free(ssl);
            ssl = 0;
        }
        unsent = false;
        OpenSslPipe through = pipe;
        if (through != null) {
            through.reset();
            pipe = null;
            pipes.giveBack(through);
        }
    }
}
