// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import static io.waffle.server.proxy.Exchange.present;

import io.waffle.server.limit.ClientCounts;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.Loop;
import io.waffle.server.loop.MemoryShortage;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.loop.Turn;
import io.waffle.server.tls.PlaintextException;
import io.waffle.server.tls.TlsChannel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection from a client: request after request, in order, until either side has had enough. While it waits for the next request it holds
 * no buffers, and if that takes long, no thread.
 *
 * <p>Threading: {@link #run} on a virtual thread of its loop, one at a time; {@link #wake} and {@link #stop} by any thread.
 */
final class ClientConnection {

    private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

    /** So long the rest of a request is read that is little enough to go on behind. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /** How often, and after how many milliseconds each, a request that finds no memory looks for it again. */
    private static final int TRIES = 10;

    private static final int PAUSE = 20;

    private final Proxy proxy;
    private final SocketChannel socket;
    private final Loop loop;
    private volatile @Nullable Channel channel;
    private volatile @Nullable Rest rest;
    private @Nullable Peer peer;
    private final RequestWait wait;

    /** Among the connections that are counted of its client. */
    private int place = ClientCounts.UNCOUNTED;

    ClientConnection(Proxy proxy, SocketChannel socket, Loop loop) {
        this.proxy = proxy;
        this.socket = socket;
        this.loop = loop;
        this.wait = new RequestWait(proxy);
    }

    Loop loop() {
        return loop;
    }

    /**
     * Serves it until it ends, or begins to rest.
     *
     * @param goOn has it served again, on another thread, when a rest is over
     * @return whether it rests: it may go on already then
     */
    boolean run(Runnable goOn) {
        boolean rests = false;
        try {
            Channel client = channel;
            if (client == null ? open() : serve(client)) {
                rest(goOn);
                rests = true;
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "client connection: {0}", e.toString());
        } catch (MemoryShortage e) {
            LOG.log(Level.DEBUG, "client connection: {0}", e.toString());
        } catch (OutOfMemoryError e) {
            throw e; // nothing that is left can be relied on
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "client connection: " + e, e);
        } finally {
            if (!rests) {
                close();
                proxy.leave(place);
            }
        }
        return rests;
    }

    /** Who wants something of it sees the rest, or is seen here. */
    private void rest(Runnable goOn) {
        Channel client = present(channel);
        Rest begun = new Rest(goOn);
        rest = begun;
        client.unattended(begun);
        if (wait.givesWay() || wait.misses(proxy.isDraining()) || !client.isOpen()) {
            begun.run();
        }
    }

    private boolean open() throws IOException {
        PlainChannel plain = PlainChannel.of(socket, loop);
        channel = plain;
        Peer from = proxy.client(plain, Peer.of(socket));
        if (from == null) {
            return false;
        }
        peer = from;
        place = proxy.enter(from);
        if (place == ClientCounts.REFUSED) {
            return false;
        }
        Channel client;
        try {
            client = proxy.secure(plain);
        } catch (PlaintextException e) {
            refusePlaintext(plain, from);
            return false;
        }
        channel = client;
        if (client instanceof TlsChannel tls && proxy.asksClients(tls)) {
            peer = from.with(tls);
        }
        wait.begin();
        return serve(client);
    }

    /** Somebody asks by {@code http} where TLS is spoken, and is told so in a way that can be read. */
    private void refusePlaintext(PlainChannel client, Peer at) throws IOException {
        ExchangeException refusal = ExchangeException.badRequest(400, "this port speaks TLS: ask by https");
        proxy.warn("a client at " + at + " sent plain HTTP to a port that speaks TLS");
        Exchanges exchanges = proxy.exchanges(loop);
        Exchange x = exchanges.take(client, at, wait);
        if (x == null) {
            return; // memory is short, and it is only a courtesy
        }
        try {
            x.clock.begin();
            fail(x, refusal);
            proxy.log(x, refusal.fault());
            end(x);
        } finally {
            exchanges.giveBack(x);
        }
    }

    /** Serves what comes; returns true if it is to rest until more does, false if the connection is at its end. */
    private boolean serve(Channel client) throws IOException {
        rest = null;
        RequestWait.Outcome outcome;
        while ((outcome = wait.await(client)) == RequestWait.Outcome.COMES) {
            Exchanges exchanges = proxy.exchanges(loop);
            Exchange x = exchanges.take(client, present(peer), wait);
            if (x == null) {
                x = takeLater(exchanges, client);
            }
            if (x == null) {
                refuse(client);
                return false;
            }
            try {
                int received = x.client.receive(wait.takeAside());
                if (received < 0) {
                    break;
                }
                if (received > 0 && !serveAll(x, received)) {
                    return false;
                }
            } finally {
                exchanges.giveBack(x);
            }
        }
        if (outcome == RequestWait.Outcome.RESTS) {
            return true;
        }
        client.deadline(Deadline.in(Ending.USUAL.idle()));
        client.finish();
        return false;
    }

    /** Others may end meanwhile, or give way. */
    private @Nullable Exchange takeLater(Exchanges exchanges, Channel client) throws IOException {
        Exchange x = null;
        for (int i = 0; x == null && i < TRIES; i++) {
            proxy.shortOfMemory();
            Ending.pause(PAUSE);
            x = exchanges.take(client, present(peer), wait);
        }
        return x;
    }

    /** Answers without having read the request: there is no memory for that. */
    private void refuse(Channel client) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(LocalAnswer.ROOM);
        LocalAnswer.write(answer, Fault.SHORT_OF_MEMORY, proxy.date());
        client.deadline(Deadline.in(Ending.USUAL.time()));
        client.write(answer.flip());
        Ending.USUAL.finish(client, true, answer, proxy::isDraining);
    }

    /** Serves what has come, request after request, until the connection is idle again or waits for the rest of a head; false if it is to be closed. */
    private boolean serveAll(Exchange x, int received) throws IOException {
        for (int left = received; left > 0 && !wait.putsAside(x); left = x.nextRequest()) {
            x.client.channel().passIfSpent(); // pipelined requests can be answered without a wait
            loop.turn().charge(Turn.REQUEST);
            if (!serveOne(x)) {
                return false;
            }
            wait.beginAnew();
        }
        return true;
    }

    /** Serves a request; returns whether the connection may carry another one. */
    private boolean serveOne(Exchange x) throws IOException {
        if (answer(x)) {
            return finish(x);
        }
        if (x.reply.isBroken()) {
            breakOff(x);
        }
        return false;
    }

    /** Answers a request; false if the connection is of no more use. */
    private boolean answer(Exchange x) throws IOException {
        @Nullable Fault fault = Fault.CLIENT_GONE; // which it is if an answer cannot be sent
        try {
            ExchangeException failure = tryToAnswer(x);
            boolean usable = failure == null || fail(x, failure);
            fault = failure == null ? null : failure.fault();
            return usable;
        } finally {
            x.leavesPlace();
            proxy.log(x, fault == null ? null : x.blamed(fault));
        }
    }

    /** Has a backend answer; returns what went wrong, if anything did. */
    private @Nullable ExchangeException tryToAnswer(Exchange x) throws IOException {
        try {
            x.readHead(proxy.timeouts());
            if (x.answersLocally()) {
                x.reply.stageLocal(200, "this is as far as the request may go", true);
                x.client.flush(Deadline.in(x.route().timeouts().body()));
            } else {
                x.route().answer().serve(x, loop);
            }
            return null;
        } catch (ExchangeException e) {
            LOG.log(Level.DEBUG, () -> x.describe() + ": " + e.describe());
            x.course.fails(Course.Phase.of(x, e.fault()));
            return e;
        } catch (MemoryShortage e) {
            LOG.log(Level.DEBUG, () -> x.describe() + ": " + e.getMessage());
            x.course.fails(Course.Phase.of(x, Fault.SHORT_OF_MEMORY));
            return ExchangeException.of(Fault.SHORT_OF_MEMORY, e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, x.describe() + ": " + e, e);
            x.course.fails(Course.Phase.of(x, Fault.INTERNAL));
            return ExchangeException.of(Fault.INTERNAL, e);
        }
    }

    /** Answers for what went wrong, if that can be; false if the connection is of no more use. */
    private boolean fail(Exchange x, ExchangeException e) throws IOException {
        if (e.fault() == Fault.CLIENT_GONE) {
            return false;
        }
        if (!x.reply.isReplaceable()) {
            x.reply.breaks();
            flushBroken(x);
            return false;
        }
        boolean whole = x.isParsed() && e.fault().source() != Fault.Source.CLIENT;
        x.reply.stageLocal(e.status(), e.text(), whole);
        x.client.flush(Deadline.in(proxy.timeouts().body()));
        return true;
    }

    /** Brings the connection to where the next request starts, or to its end. */
    private boolean finish(Exchange x) throws IOException {
        boolean keep = x.reply.keepsAlive() && drainRequest(x);
        if (!keep) {
            end(x);
        }
        return keep;
    }

    /** Reads the rest of a body nobody wants, within bounds, so that the next request can be found behind it. */
    private boolean drainRequest(Exchange x) throws IOException {
        if (x.upload.sourceEnded()) {
            return true;
        }
        Channel client = x.client.channel();
        client.deadline(Deadline.in(DRAIN));
        x.upload.discard(Reply.DRAINED);
        try {
            while (!x.upload.done()) {
                if (x.upload.step()) {
                    client.passIfSpent();
                } else {
                    client.await(Channel.READ);
                }
            }
            return true;
        } catch (ExchangeException | DeadlineException e) {
            return false;
        }
    }

    /** All leaves, and a client that may still be sending is listened to. */
    private void end(Exchange x) throws IOException {
        Channel client = x.client.channel();
        boolean sends = maySend(x);
        client.deadline(Deadline.in(proxy.timeouts().body()));
        Ending.USUAL.finish(client, sends, x.client.scratch(), proxy::isDraining);
    }

    /** What was taken over of it before it broke is the client's. */
    private void flushBroken(Exchange x) {
        try {
            x.client.flush(Deadline.in(Ending.USUAL.idle()));
        } catch (IOException e) {
            LOG.log(
                    Level.DEBUG,
                    "a broken response does not leave: {0}",
                    e.toString()); // and what broke it stays what is told
        }
    }

    /** The client must be able to tell that this was not the end of a response, and have what there was of it. */
    private void breakOff(Exchange x) throws IOException {
        Ending.USUAL.breakOff(
                x.client.channel(), x.reply.endsByClose(), maySend(x), x.client.scratch(), proxy::isDraining);
    }

    /** Whoever gives way has sent nothing that was not read. */
    private boolean maySend(Exchange x) throws IOException {
        return !wait.givesWay()
                && (!x.isRead() || x.client.channel().tryRead(x.client.scratch().clear()) > 0);
    }

    /** Since when it waits for a request, or the rest of its head; 0 if it does not. */
    long waitingSince() {
        return wait.waitingSince();
    }

    /** Whether it waits, and not for the rest of a head that may still be on its way. */
    boolean mayGiveWay(long now) {
        return wait.mayGiveWay(now);
    }

    /** Has it end, unless a request has come: then it goes on with that, and ends when it waits next. */
    void giveWay() {
        wait.giveWay();
        wake();
    }

    /** Lets it notice that there is a stop, if it waits for a request. */
    void wake() {
        Channel client = channel;
        if (client != null) {
            client.poke();
        }
        endRest();
    }

    private void endRest() {
        Rest under = rest;
        if (under != null) {
            under.run();
        }
    }

    /** Ends it at once, for a stop that would wait no longer. */
    void stop() {
        wait.stop();
        close();
    }

    private void close() {
        Channel client = channel;
        if (client != null) {
            client.close();
            endRest();
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.TRACE, "closing: {0}", e.toString());
        }
    }
}
