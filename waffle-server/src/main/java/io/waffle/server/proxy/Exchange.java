// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.http.Framing;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.HttpDate;
import io.waffle.server.http.RequestHead;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.limit.ClientCounts;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.peer.Endpoints;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response as data: their heads, their bodies under way, whom they are between, and how far they have come. What is the client's is
 * in its {@link ClientSide}, what is the backend's in its {@link BackendSide}; what to do with them is for {@link ClientConnection},
 * {@link Forwarder} and {@link Conversation}. Used again for request after request.
 *
 * <p>It is long, with short methods: whatever else one request touches is in one place, so that none of it is forgotten before the next.
 */
final class Exchange {

    /** What one is taken for from the budget, beside its buffers: its own objects, and those of a connection to a backend. */
    static final int BYTES = 5 * 1024;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** So many bytes of a body nobody wants are read, so that the connection can go on. */
    static final int DRAINED = 256 * 1024;

    final RequestHead request;
    final ResponseHead response;
    final ClientSide client;
    final BackendSide backend;
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

    private final Rewriting rewriting;
    private final BooleanSupplier draining;
    private final RouteLookup lookup;

    private int headLength;
    private boolean keepAlive;
    private boolean continued;
    private boolean endsByClose;
    private boolean responding;
    private boolean broken;
    private boolean routed;
    private int answered;
    private int headSent;
    private long retryAfter;
    private int place;
    private @Nullable ClientCounts counted;
    private @Nullable ServedRoute route;
    private @Nullable Destination destination;
    private @Nullable PooledBackend chosen;

    Exchange(WireRules rules, RouteLookup lookup, Buffers buffers, HttpDate date, BooleanSupplier draining) {
        Routing routing = lookup.routing();
        Spool spool = routing.spool();
        this.request = new RequestHead(rules.limits(), rules.requests());
        this.response = new ResponseHead(rules.limits(), rules.leniency());
        this.selection = new Selection(request);
        this.clock = new RequestClock(rules.timed() || routing.isTimed(), routing.isTimed());
        this.rewriting = new Rewriting(rules, date);
        this.draining = draining;
        this.client = new ClientSide(request, buffers, rules.minHeadRate());
        this.backend = new BackendSide(response, buffers);
        this.upload = new BodyRelay(
                new BodyInput(buffers, spool, clock),
                backend.out,
                rules.requestTrailers(),
                Fault.CLIENT_GONE,
                Fault.BACKEND_RESET);
        this.watch = new ClientWatch(upload);
        this.download = new BodyRelay(
                new BodyInput(buffers, spool, clock),
                client.out,
                rules.responseTrailers(),
                Fault.BACKEND_RESET,
                Fault.CLIENT_GONE);
        this.up = new Pace();
        this.down = new Pace();
        this.lookup = lookup;
    }

    /**
     * Begins with the first request of a connection, or the first after it was idle.
     *
     * @return false if there is no memory for it now
     */
    boolean tryOpen(Channel from, Peer at, HeadWait waitsAs) {
        rewriting.from(at);
        clear();
        return client.tryOpen(from, at, waitsAs);
    }

    /** Reads the head of the request, of which some bytes have come. */
    void readHead(TimeoutsConfig timeouts) throws ExchangeException {
        clock.begin();
        try {
            int length = client.parseHead();
            if (length < 0) {
                length = client.awaitHead(timeouts.requestHead().toNanos());
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

    private void beginRequest(int length) throws ExchangeException {
        headLength = length;
        client.startBody(length);
        rewriting.answering(request);
        selection.begin(rewriting.clientAddress(request, client.peer()));
        watch.begin(client.channel());
        ExchangeException unrouted = seekRoute();
        long maxBody = unrouted == null ? route().maxBody() : Long.MAX_VALUE;
        boolean chunked = request.framing() == Framing.CHUNKED;
        upload.begin(client.channel(), client.head(), request.framing(), request.contentLength(), chunked, maxBody);
        if (unrouted != null) {
            throw unrouted; // only now: where the next request begins is known
        }
        route().guard().admit(this);
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

    /** In how many seconds the client may ask again that is refused now. */
    void retryAfter(long seconds) {
        retryAfter = seconds;
    }

    /** It has a place among those that are counted of its client, up to its end. */
    void holds(ClientCounts among, int at) {
        counted = among;
        place = at;
    }

    /** It is answered: its place is free. */
    void leavesPlace() {
        if (counted != null) {
            counted.leave(place);
            counted = null;
        }
    }

    /** Goes by the route of the request; returns why there is none. */
    private @Nullable ExchangeException seekRoute() {
        try {
            goBy(lookup.find(this));
            return null;
        } catch (ExchangeException e) {
            return e;
        }
    }

    @SuppressWarnings("ReferenceEquality") // the question is whether anything has to be set anew
    private void goBy(ServedRoute found) {
        routed = true;
        clock.allow(found.nanos());
        if (found != route) {
            route = found;
            rewriting.by(found);
            up.rate(found.minBodyRate());
            down.rate(found.minBodyRate());
        }
    }

    /** The route it is of. */
    ServedRoute route() {
        return present(route);
    }

    /** The route it is of; null if its head was not read, or no route is for it. */
    @Nullable
    ServedRoute routeIfAny() {
        return routed ? route : null;
    }

    /** The pool it goes to. */
    void goesTo(Destination to) {
        destination = to;
        rewriting.keepsCacheable(to.keepsCacheable());
    }

    /** Lines for the head of its response. */
    void grants(byte[] lines) {
        rewriting.granting(lines);
    }

    /** The pool it goes to; null if it has not come so far, or Waffle answers. */
    @Nullable
    Destination destination() {
        return destination;
    }

    /** Whether the client came over https, as far as can be told. */
    boolean isHttps() {
        return rewriting.isHttps(request);
    }

    HttpDate date() {
        return rewriting.date();
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
        chosen = at;
        backend.begin();
    }

    /** Whether a server may get it twice (RFC 9110 section 9.2.2). */
    boolean isRepeatable() {
        return route().repeatsAll() || request.idempotent();
    }

    /** Whether it can be sent again as it came: all of it is still here, and no final response has begun. */
    boolean isWhole() {
        return !responding && upload.isWhole();
    }

    /** Goes back to before the body, for another attempt. Only if it {@linkplain #isWhole is whole}. */
    void rewind() {
        backend.out.drop();
        upload.rewind();
    }

    /** Refuses a path that may lead out of the one the backend's URL has. */
    void checkPath() throws ExchangeException {
        if (leadsOutOf(present(chosen))) {
            throw ExchangeException.badRequest(400, "the path leads out of what is served");
        }
    }

    /** Whether the path may lead out of the one the URL of this backend has. */
    boolean leadsOutOf(PooledBackend at) {
        boolean confined = at.prefix().length > 0 || !route().rewrite().isEmpty();
        return confined && request.pathLeadsOut();
    }

    /** The head of the request as this backend is to see it, with these lines besides. Allocates. */
    byte[] headFor(PooledBackend at, byte[] more) {
        rewriting.to(at);
        ByteBuffer head = ByteBuffer.allocate(rewriting.requestBound(request) + more.length);
        rewriting.writeRequest(request, client.head(), head);
        head.position(head.position() - 2).put(more).put((byte) '\r').put((byte) '\n');
        return Arrays.copyOf(head.array(), head.position());
    }

    /** Stages the request for this channel, its head rewritten. The body follows by {@link #upload}. */
    void stageRequest(Channel to) throws ExchangeException {
        backend.open(to, rewriting.requestBound(request));
        rewriting.writeRequest(request, client.head(), backend.out.staging());
    }

    /** Whether the response is one that has no body (RFC 9112 section 6.3). */
    boolean isWithoutBody() {
        return response.framing(request.isHead()) == Framing.NONE;
    }

    /** Stages an interim response and takes it out of the answer. */
    void stageInterim(int length, boolean relayed) {
        if (relayed) {
            client.out.open(client.channel(), rewriting.responseBound(response));
            rewriting.writeResponse(response, backend.head(), client.out.staging(), true);
            watch.cutAhead(client.out.staging());
            continued |= response.status() == 100;
        }
        backend.dropHead(length);
    }

    /** Stages the word that the client may send its body. */
    void stageContinue() {
        client.out.openForOwn(client.channel(), CONTINUE.length);
        client.out.staging().put(CONTINUE);
        continued = true;
    }

    /** Stages the head of the final response; its body follows by {@link #download}. */
    void stageResponse(int length) {
        Framing framing = response.framing(request.isHead());
        Framing out = rewriting.framing(response);
        endsByClose = out == Framing.CLOSE;
        keepAlive = mayKeepAlive() && !endsByClose;
        if (endsByClose) {
            client.channel().endIsMessage(true);
        }
        openResponse();
        rewriting.writeResponse(response, backend.head(), client.out.staging(), keepAlive);
        answers(response.status(), 0);
        download.adopt(
                backend.channel(), backend.takeBody(length), framing, response.contentLength(), out == Framing.CHUNKED);
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
        rewriting.writeResponse(response, backend.head(), client.out.staging(), true);
        answers(response.status(), 0);
        download.adopt(backend.channel(), backend.takeBody(length), Framing.CLOSE, -1, false);
        upload.beginTunnel();
    }

    /** A tunnel may be silent for hours: what can still be told of its request moves to where it takes no more than it is long. */
    void settleTunnel() {
        if (client.head().isDirect() && upload.leaveFirst()) {
            client.shrinkHead(headLength);
        }
    }

    /** Whether {@link #settle} would give anything back. */
    boolean maySettle() {
        return !backend.out.lends() && (client.mayMoveHead() || upload.mayShrink());
    }

    /** A wait may last for minutes: what has come, and is only kept for it, moves to where it takes little more than it is long. */
    void settle() {
        if (upload.mayShrink()) {
            upload.shrink();
        }
        if (client.mayMoveHead()) {
            client.moveHead(upload);
        }
    }

    private void openResponse() {
        rewriting.setting(selection.renewal(present(chosen)), request, response);
        client.out.open(client.channel(), rewriting.responseBound(response));
        responding = true;
    }

    /** Whether nothing of a final response has left yet, so that it may still be replaced. */
    boolean mayAnswer() {
        return !responding || client.out.written() == 0;
    }

    /**
     * Stages a response of our own in place of any other.
     *
     * @param whole whether the request itself was in order, so that the next one can be found behind it
     */
    void stageLocal(int status, String text, boolean whole) {
        keepAlive = whole && mayKeepAlive();
        Page page = (routed ? route().errors() : lookup.routing().errors()).find(status);
        if (page != null) {
            client.out.openForOwn(client.channel(), LocalAnswer.ROOM + Outlet.COPIED);
            LocalAnswer.writeHead(client.out.staging(), status, page, request, keepAlive, rewriting.date(), retryAfter);
            answers(status, page);
            return;
        }
        client.out.openForOwn(client.channel(), LocalAnswer.ROOM);
        int body =
                LocalAnswer.write(client.out.staging(), status, text, request, keepAlive, rewriting.date(), retryAfter);
        answers(status, body);
    }

    /** Stages what an operator has written, in place of a response. */
    private void stageOwn(OwnAnswer answer) {
        keepAlive = mayKeepAlive();
        client.out.openForOwn(client.channel(), answer.room(this));
        answer.writeHead(client.out.staging(), this, keepAlive);
        answers(answer.status(), answer.content());
    }

    /** Answers with it; returns when it has left. */
    void answerOwn(OwnAnswer answer) throws IOException {
        stageOwn(answer);
        client.flush(Deadline.in(route().timeouts().body()));
    }

    /** The head is staged now, and this is behind it. */
    private void answers(int status, Page content) {
        answers(status, 0);
        if (content.length() > 0 && !request.isHead()) {
            client.out.inChunks(false);
            client.out.run(content.body().duplicate(), content.length());
        }
    }

    /** Its head is staged now. */
    private void answers(int status, int bodyStaged) {
        watch.cutAhead(client.out.staging());
        answered = status;
        headSent = client.out.staging().position() - bodyStaged;
    }

    /** The status of the final response; 0 if there is none. */
    int answered() {
        return answered;
    }

    /** How many bytes of the final response have left behind its head. */
    long bodySent() {
        return answered == 0 ? 0 : Math.max(0, client.out.written() - headSent);
    }

    /** The last backend that was tried; null if none was. */
    @Nullable
    PooledBackend chosen() {
        return chosen;
    }

    /** Whether there is a request head to ask. */
    boolean isParsed() {
        return headLength > 0;
    }

    /** The first field of the request of that name, which must be in lower case, among those that could be read; -1 if there is none. */
    int field(String lower) {
        ByteBuffer head = client.head();
        for (int i = 0; i < request.fieldCount(); i++) {
            if (request.nameIs(head, i, lower)) {
                return i;
            }
        }
        return -1;
    }

    /** How far it has come, for one who asks because of this. */
    Course.Phase phase(Fault fault) {
        if (!isParsed() || (chosen == null && fault == Fault.BAD_REQUEST)) {
            return Course.Phase.REQUEST_HEAD;
        }
        if (chosen == null) {
            return fault == Fault.CLIENT_TOO_SLOW ? Course.Phase.REQUEST : Course.Phase.QUEUE;
        }
        if (fault.beforeSending()) {
            return Course.Phase.CONNECT;
        }
        if (responding) {
            return answered == 101 ? Course.Phase.TUNNEL : Course.Phase.RESPONSE;
        }
        return upload.done() ? Course.Phase.RESPONSE_HEAD : Course.Phase.REQUEST;
    }

    /** The ends of the connection of whom it is from, as far as that can be trusted. */
    Endpoints clientEnds() {
        return client.peer().endsFor(selection.client());
    }

    /** Whom it is from, as far as that can be trusted. */
    ClientAddress clientAddress() {
        return isParsed() ? selection.client() : client.peer().address();
    }

    /**
     * Answers a request that has come as far as it may ({@code Max-Forwards: 0}, RFC 9110 section 7.6.2).
     *
     * @return false if it is to be forwarded
     */
    boolean answersLocally() {
        return request.maxForwards() == 0;
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
        return fault == Fault.CLIENT_GONE && client.isStopped() ? Fault.STOPPED : fault;
    }

    /** Makes what the client has sent ahead the beginning of the next request; returns how many bytes that is. */
    int nextRequest() {
        ByteBuffer rest = upload.takeRest();
        clear();
        return client.nextRequest(rest);
    }

    /** Gives everything back. */
    void release() {
        upload.release();
        download.release();
        client.release();
        backend.release();
    }

    /** Whether the request was read to its end. */
    boolean isRead() {
        return headLength > 0 && upload.sourceEnded();
    }

    /** One line for the log. */
    String describe() {
        return client.peer().address() + " " + request.method() + " " + (headLength > 0 ? request.path() : "");
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
        retryAfter = 0;
        backend.begin();
        chosen = null;
        destination = null;
        routed = false;
        course.reset();
    }

    /** What is there while the exchange is open. */
    static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not open");
        }
        return value;
    }
}
