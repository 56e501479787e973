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
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.peer.Endpoints;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.tls.ClientPolicies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response as data: their heads, their bodies under way, whom they are between, and how far they have come. What is the client's is
 * in its {@link ClientSide}, what is the backend's in its {@link BackendSide}, what the client is told in its {@link Reply}; what to do with them
 * is for {@link ClientConnection}, {@link Forwarder} and {@link Conversation}. Used again for request after request.
 *
 * <p>It is long, with short methods: whatever else one request touches is in one place, so that none of it is forgotten before the next.
 */
final class Exchange {

    /** What one is taken for from the budget, beside its buffers: its own objects, and those of a connection to a backend. */
    static final int BYTES = 5 * 1024;

    final RequestHead request;
    final ResponseHead response;
    final ClientSide client;
    final BackendSide backend;
    final Reply reply;
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
    private final RouteLookup lookup;
    private final @Nullable ClientPolicies clients;

    private int headLength;
    private boolean routed;
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
        this.clients = rules.clients();
        this.reply = new Reply(this, rewriting, draining);
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

    /** Goes by the route of the request; returns why there is none, or why it may not. */
    private @Nullable ExchangeException seekRoute() {
        try {
            if (clients != null && !HostCheck.admits(client.peer().hosts(), request, client.head(), clients)) {
                reply.isLast();
            }
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

    /** What our own answers to it with an error look like. */
    ErrorPages errorPages() {
        return routed ? route().errors() : lookup.routing().errors();
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

    /** Whether the next thing that has to come is more of the request, from the client. */
    boolean isClientsTurn() {
        return !reply.hasBegun() && !upload.done() && !upload.blockedOnWrite() && !reply.awaitsContinue();
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
        return !reply.hasBegun() && upload.isWhole();
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

    /** Whether a 101 switches to a protocol the client asked for. */
    boolean switchesAsAsked() {
        String protocol = response.findValue("upgrade");
        return request.upgrade()
                && response.connectionHas("upgrade")
                && protocol != null
                && request.upgradeProtocols().stream().anyMatch(protocol::equalsIgnoreCase);
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

    /** The ends of the connection of whom it is from, as far as that can be trusted; null if they are not known. */
    @Nullable
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
        return client.peer() + " " + request.method() + " " + (headLength > 0 ? request.path() : "");
    }

    private void clear() {
        request.reset();
        headLength = 0;
        reply.begin();
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
