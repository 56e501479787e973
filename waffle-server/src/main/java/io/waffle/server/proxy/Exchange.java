// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.http.Framing;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.HttpDate;
import io.waffle.server.http.RequestHead;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response: their heads, their bodies under way, and the buffers both are in. It knows where things are; what to do with them
 * is for {@link ClientConnection}, {@link Forwarder} and {@link Conversation}. Used again for request after request; between two requests it
 * holds at most what the client has sent ahead.
 *
 * <p>It is long, with short methods: whatever one request touches is in one place, so that none of it is forgotten before the next.
 *
 * <p>Layout: {@code in} holds the request head from index 0, and whatever was read with it. It stays as it is until the exchange ends, so that
 * the request can be sent again.
 */
final class Exchange {

    /** What one is taken for from the budget, beside its buffers: its own objects, and those of a connection to a backend. */
    static final int BYTES = 5 * 1024;

    /** What may come of the next request meanwhile, while a long wait has left its buffer: for who sends more than that, the host is asked now and then. */
    private static final int ROOM_AHEAD = 256;

    /** So many bytes of a body nobody wants are read, so that the connection can go on. */
    static final int DRAINED = 256 * 1024;

    final RequestHead request;
    final ResponseHead response;
    final Outlet toBackend;
    final Outlet toClient;
    final BodyRelay upload;
    final BodyRelay download;
    final RequestClock clock;
    final Course course = new Course();
    final ClientWatch watch;
    final Pace up;
    final Pace down;
    final Selection selection;

    /** For a byte that should not be there: one is enough to know. */
    final ByteBuffer stray = ByteBuffer.allocateDirect(1);

    private final Intake in;
    private final Intake answer;
    private final Rewriting rewriting;
    private final BooleanSupplier draining;
    private final long maxBody;
    private final boolean repeatsAll;
    private final int minHeadRate;

    private @Nullable Channel client;
    private @Nullable Peer peer;
    private @Nullable HeadWait wait;
    private @Nullable Channel backendChannel;
    private int headLength;
    private boolean keepAlive;
    private boolean continued;
    private boolean endsByClose;
    private boolean responding;
    private boolean broken;
    private boolean inputEnded;
    private @Nullable IOException lost;
    private long firstByteNanos;
    private int answered;
    private int headSent;
    private @Nullable PooledBackend backend;

    Exchange(
            WaffleConfig config,
            WireRules rules,
            Buffers buffers,
            Spool spool,
            HttpDate date,
            BooleanSupplier draining) {
        this.request = new RequestHead(rules.limits(), rules.requests());
        this.response = new ResponseHead(rules.limits(), rules.forwarding().leniency());
        this.selection = new Selection(request);
        this.clock =
                new RequestClock(config.accessLog().enabled(), config.timeouts().request());
        this.rewriting = new Rewriting(rules, date);
        this.draining = draining;
        this.toBackend = new Outlet(buffers);
        this.toClient = new Outlet(buffers);
        this.upload = new BodyRelay(
                new BodyInput(buffers, spool, clock),
                toBackend,
                rules.requestTrailers(),
                Fault.CLIENT_GONE,
                Fault.BACKEND_RESET);
        this.watch = new ClientWatch(upload);
        this.download = new BodyRelay(
                new BodyInput(buffers, spool, clock),
                toClient,
                rules.responseTrailers(),
                Fault.BACKEND_RESET,
                Fault.CLIENT_GONE);
        this.in = new Intake(buffers);
        this.answer = new Intake(buffers);
        this.maxBody = config.limits().requestBody() == 0
                ? Long.MAX_VALUE
                : config.limits().requestBody();
        this.repeatsAll = config.retry().nonIdempotent();
        this.minHeadRate = config.limits().minHeadRate();
        this.up = new Pace(config.limits().minBodyRate());
        this.down = new Pace(config.limits().minBodyRate());
    }

    /**
     * Begins with the first request of a connection, or the first after it was idle.
     *
     * @return false if there is no memory for it now
     */
    boolean tryOpen(Channel from, Peer at, HeadWait waitsAs) {
        client = from;
        peer = at;
        wait = waitsAs;
        rewriting.from(at);
        clear();
        return in.tryOpen();
    }

    /**
     * Takes what has come of a request, without waiting.
     *
     * @param aside what came of it before
     * @return how many bytes there are now, 0 if none are, -1 if the client has closed and there are none
     */
    int receive(byte[] aside) throws IOException {
        in.room().put(aside);
        int n = -1;
        lost = null;
        try {
            n = client().tryRead(in.room());
            if (n == 0 && !client().isOpen()) {
                throw new ClosedChannelException();
            }
        } catch (IOException e) {
            n = -1;
            if (aside.length == 0) {
                throw e;
            }
            lost = e; // a request has begun, of which there is something to tell
        }
        inputEnded = n < 0;
        return n < 0 && aside.length == 0 ? n : in.skipEmptyLine();
    }

    /** Whether the client has closed, behind what was {@linkplain #receive received}. */
    boolean inputEnded() {
        return inputEnded;
    }

    /** Whether what has come is in order, but not all of a head. Only before {@link #readHead}, which goes on where this has ended. */
    boolean isPartOfHead() {
        try {
            return request.parse(in.buffer(), in.received()) < 0;
        } catch (HeadException e) {
            request.reset();
            return false; // which is said when it is read
        }
    }

    /** What was {@linkplain #receive received}. */
    byte[] copyOfHead() {
        return in.copy();
    }

    /** Reads the head of the request, of which some bytes have come. */
    void readHead(TimeoutsConfig timeouts) throws ExchangeException {
        clock.begin();
        try {
            int length = request.parse(in.buffer(), in.received());
            if (length < 0) {
                length = readRestOfHead(timeouts.requestHead().toNanos());
                clock.beginAnew();
            }
            beginRequest(length);
        } catch (HeadException e) {
            throw ExchangeException.badRequest(e);
        } catch (DeadlineException e) {
            throw ExchangeException.of(Fault.CLIENT_TOO_SLOW, e);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        }
    }

    /** All of it has so much time, and the longer it takes the more must have come (limits.min_head_rate). */
    private int readRestOfHead(long nanos) throws ExchangeException, HeadException, IOException {
        HeadWait waiting = present(wait);
        long begun = waiting.headBegins();
        int length;
        do {
            client().deadline(begun + Pace.ofHead(in.received(), minHeadRate, nanos));
            if (readMoreOfHead(waiting) < 0) {
                throw ExchangeException.badRequest(400, "the request broke off in its head");
            }
            length = request.parse(in.buffer(), in.received());
        } while (length < 0);
        waiting.headEnds();
        return length;
    }

    private int readMoreOfHead(HeadWait waiting) throws ExchangeException, IOException {
        if (lost != null) {
            throw lost;
        }
        int n;
        while ((n = client().tryRead(in.room())) == 0) {
            if (waiting.givesWay()) {
                throw ExchangeException.of(Fault.SHORT_OF_MEMORY);
            }
            client().await(Channel.READ);
        }
        return n;
    }

    private void beginRequest(int length) throws ExchangeException {
        headLength = length;
        in.startBody(length);
        rewriting.answering(request);
        selection.begin(rewriting.clientAddress(request, peer()));
        watch.begin(client());
        boolean chunked = request.framing() == Framing.CHUNKED;
        upload.begin(client(), in.buffer(), request.framing(), request.contentLength(), chunked, maxBody);
        if (request.framing() != Framing.NONE && isRepeatable()) {
            upload.keep();
        }
        if (request.hasBeenHere()) {
            throw ExchangeException.badRequest(508, "the request goes in a circle");
        }
        if (request.contentLength() > maxBody) {
            throw ExchangeException.badRequest(413, "the body is too large");
        }
    }

    /** Whether the client was told that the connection stays. */
    boolean keepsAlive() {
        return keepAlive;
    }

    /** Whether the client may still be waiting to be told to send its body. */
    boolean awaitsContinue() {
        return request.expectsContinue() && !continued;
    }

    /** Whether the next thing that has to come is more of the request, from the client. */
    boolean isClientsTurn() {
        return !responding && !upload.done() && !upload.blockedOnWrite() && !awaitsContinue();
    }

    /** An attempt at this backend begins. */
    void beginAttempt(PooledBackend at) {
        rewriting.to(at);
        backend = at;
        firstByteNanos = 0;
    }

    /** Whether a server may get it twice (RFC 9110 section 9.2.2). */
    boolean isRepeatable() {
        return repeatsAll || request.idempotent();
    }

    /** Whether it can be sent again as it came: all of it is still here, and no final response has begun. */
    boolean isWhole() {
        return !responding && upload.isWhole();
    }

    /** Goes back to before the body, for another attempt. Only if it {@linkplain #isWhole is whole}. */
    void rewind() {
        toBackend.drop();
        upload.rewind();
    }

    /** Refuses a path that may lead out of the one the backend's URL has. */
    void checkPath() throws ExchangeException {
        if (present(backend).prefix().length > 0 && request.pathLeadsOut()) {
            throw ExchangeException.badRequest(400, "the path leads out of what is served");
        }
    }

    /** Stages the request for this channel, its head rewritten. The body follows by {@link #upload}. */
    void stageRequest(Channel to) throws ExchangeException {
        toBackend.open(to, rewriting.requestBound(request));
        backendChannel = to;
        answer.close();
        response.reset();
        rewriting.writeRequest(request, in.buffer(), toBackend.staging());
    }

    /** Whether the response is one that has no body (RFC 9112 section 6.3). */
    boolean isWithoutBody() {
        return response.framing(request.isHead()) == Framing.NONE;
    }

    /** Where responses are read into. */
    Intake answer() {
        return answer;
    }

    void markFirstByte() {
        if (firstByteNanos == 0) {
            firstByteNanos = System.nanoTime();
        }
    }

    /** When the first byte of a response to this attempt came, as {@link System#nanoTime}; 0 if none did. */
    long firstByteNanos() {
        return firstByteNanos;
    }

    /** Stages an interim response and takes it out of the answer. */
    void stageInterim(int length, boolean relayed) {
        if (relayed) {
            toClient.open(client(), rewriting.responseBound(response));
            rewriting.writeResponse(response, answer.buffer(), toClient.staging(), true);
            watch.cutAhead(toClient.staging());
            continued |= response.status() == 100;
        }
        answer.dropHead(length);
        response.reset();
    }

    /** Stages the head of the final response; its body follows by {@link #download}. */
    void stageResponse(int length) {
        Framing framing = response.framing(request.isHead());
        Framing out = rewriting.framing(response);
        endsByClose = out == Framing.CLOSE;
        keepAlive = mayKeepAlive() && !endsByClose;
        if (endsByClose) {
            client().endIsMessage(true);
        }
        openResponse();
        rewriting.writeResponse(response, answer.buffer(), toClient.staging(), keepAlive);
        answers(response.status(), 0);
        answer.startBody(length);
        download.adopt(
                present(backendChannel), answer.take(), framing, response.contentLength(), out == Framing.CHUNKED);
    }

    /** Whether a 101 switches to a protocol the client asked for. */
    boolean switchesAsAsked() {
        String protocol = response.findValue("upgrade");
        return request.upgrade()
                && response.connectionHas("upgrade")
                && protocol != null
                && request.upgradeProtocols().stream().anyMatch(protocol::equalsIgnoreCase);
    }

    private boolean mayKeepAlive() {
        return request.keepAlive() && !draining.getAsBoolean() && mayReadRest() && !isLast();
    }

    /** Whether the client has ended its stream behind this request: one that it has sent before that is answered, too. */
    private boolean isLast() {
        return watch.ended() && !upload.rest().hasRemaining();
    }

    /** Whether what is still to come of the body is, as far as we know, little enough to be read for the sake of the connection. */
    private boolean mayReadRest() {
        return upload.sourceEnded() || (!awaitsContinue() && upload.left() <= DRAINED);
    }

    /** Stages the 101, and whatever came behind it; from here on bytes pass as they are. */
    void stageTunnel(int length) {
        keepAlive = false;
        openResponse();
        rewriting.writeResponse(response, answer.buffer(), toClient.staging(), true);
        answers(response.status(), 0);
        answer.startBody(length);
        download.adopt(present(backendChannel), answer.take(), Framing.CLOSE, -1, false);
        upload.beginTunnel();
    }

    /** A tunnel may be silent for hours: what can still be told of its request moves to where it takes no more than it is long. */
    void settleTunnel() {
        if (in.buffer().isDirect() && upload.leaveFirst()) {
            in.shrink(headLength);
            request.movedTo(in.buffer());
        }
    }

    /** Whether {@link #settle} would give anything back. */
    boolean maySettle() {
        return !toBackend.lends() && (mayMoveHead() || upload.mayShrink());
    }

    /** A wait may last for minutes: what has come, and is only kept for it, moves to where it takes little more than it is long. */
    void settle() {
        if (upload.mayShrink()) {
            upload.shrink();
        }
        if (mayMoveHead()) {
            ByteBuffer former = in.buffer();
            upload.movedTo(former, in.moveToHeap(ROOM_AHEAD));
            request.movedTo(in.buffer());
        }
    }

    private boolean mayMoveHead() {
        return in.buffer().isDirect() && in.buffer().limit() <= Buffers.TINY;
    }

    private void openResponse() {
        rewriting.setting(selection.renewal(present(backend)), request, response);
        toClient.open(client(), rewriting.responseBound(response));
        responding = true;
    }

    /** Whether nothing of a final response has left yet, so that it may still be replaced. */
    boolean mayAnswer() {
        return !responding || toClient.written() == 0;
    }

    /**
     * Stages a response of our own in place of any other.
     *
     * @param whole whether the request itself was in order, so that the next one can be found behind it
     */
    void stageLocal(int status, String text, boolean whole) {
        keepAlive = whole && mayKeepAlive();
        toClient.openForOwn(client(), LocalAnswer.ROOM);
        int body = LocalAnswer.write(toClient.staging(), status, text, request, keepAlive, rewriting.date());
        answers(status, body);
    }

    /** Its head is staged now. */
    private void answers(int status, int bodyStaged) {
        watch.cutAhead(toClient.staging());
        answered = status;
        headSent = toClient.staging().position() - bodyStaged;
    }

    /** The status of the final response; 0 if there is none. */
    int answered() {
        return answered;
    }

    /** How many bytes of the final response have left behind its head. */
    long bodySent() {
        return answered == 0 ? 0 : Math.max(0, toClient.written() - headSent);
    }

    /** The last backend that was tried; null if none was. */
    @Nullable
    PooledBackend backend() {
        return backend;
    }

    /** Whether there is a request head to ask. */
    boolean isParsed() {
        return headLength > 0;
    }

    /** Where the head of the request is, from index 0 on. */
    ByteBuffer headBuffer() {
        return in.buffer();
    }

    /** How much has come of a head that is not whole, or not valid. */
    int headReceived() {
        return in.received();
    }

    /** The first field of the request of that name, which must be in lower case, among those that could be read; -1 if there is none. */
    int field(String lower) {
        ByteBuffer head = in.buffer();
        for (int i = 0; i < request.fieldCount(); i++) {
            if (request.nameIs(head, i, lower)) {
                return i;
            }
        }
        return -1;
    }

    /** How far it has come, for one who asks because of this. */
    Course.Phase phase(Fault fault) {
        if (!isParsed() || (backend == null && fault == Fault.BAD_REQUEST)) {
            return Course.Phase.REQUEST_HEAD;
        }
        if (backend == null) {
            return Course.Phase.QUEUE;
        }
        if (fault.beforeSending()) {
            return Course.Phase.CONNECT;
        }
        if (responding) {
            return answered == 101 ? Course.Phase.TUNNEL : Course.Phase.RESPONSE;
        }
        return upload.done() ? Course.Phase.RESPONSE_HEAD : Course.Phase.REQUEST;
    }

    /** Whom it is from, as far as that can be trusted. */
    ClientAddress clientAddress() {
        return isParsed() ? selection.client() : peer().address();
    }

    /**
     * Answers a request that has come as far as it may ({@code Max-Forwards: 0}, RFC 9110 section 7.6.2).
     *
     * @return false if it is to be forwarded
     */
    boolean answersLocally() {
        return request.maxForwards() == 0;
    }

    /** Sees everything staged for the client leave. */
    void flushToClient(long deadline) throws IOException {
        client().deadline(deadline);
        while (!toClient.tryFlush()) {
            client().await(Channel.WRITE);
        }
    }

    /** Whether the response, of which some has left, has no other end than that of the connection. */
    boolean endsByClose() {
        return endsByClose;
    }

    /** The response will not come to its end. */
    void breaks() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }

    /** What it is taken for: nobody has left whom a stop has cut off. */
    Fault blamed(Fault fault) {
        return fault == Fault.CLIENT_GONE && present(wait).isStopped() ? Fault.STOPPED : fault;
    }

    /** Makes what the client has sent ahead the beginning of the next request; returns how many bytes that is. */
    int nextRequest() {
        in.next(upload.takeRest());
        clear();
        return in.skipEmptyLine();
    }

    /** Gives everything back. */
    void release() {
        upload.release();
        download.release();
        in.close();
        answer.close();
        toBackend.close();
        toClient.close();
        client = null;
        peer = null;
        wait = null;
        backendChannel = null;
        lost = null;
    }

    Channel client() {
        return present(client);
    }

    /** Whether the request was read to its end. */
    boolean isRead() {
        return headLength > 0 && upload.sourceEnded();
    }

    /** A buffer for bytes nobody wants. The exchange is over when it is asked for. */
    ByteBuffer scratch() {
        if (!in.buffer().isDirect()) {
            in.close(); // it was shrunk
        }
        return in.buffer().clear().hasRemaining() ? in.buffer() : in.room();
    }

    /** One line for the log. */
    String describe() {
        return peer().address() + " " + request.method() + " " + (headLength > 0 ? request.path() : "");
    }

    private void clear() {
        request.reset();
        headLength = 0;
        keepAlive = false;
        continued = false;
        endsByClose = false;
        responding = false;
        broken = false;
        answered = 0;
        firstByteNanos = 0;
        backend = null;
        course.reset();
    }

    /** Who is at the other end of the connection. */
    Peer peer() {
        return present(peer);
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not open");
        }
        return value;
    }
}
