// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one backend connection, from sending the request to the end of the response. One thread drives both directions: it moves what
 * can be moved, and else waits for client and backend at once. So a response may begin while the request is still coming, a client that leaves
 * is noticed while the backend works, and a tunnel needs no second thread.
 */
final class Conversation {

    private static final int MAX_INTERIM = 64;

    /** For a backend's own close, and what it has to say before: RFC 6455 section 7.1.1 has it close first, and soon. */
    private static final long WEB_SOCKET_FIN_NANOS = 5_000_000_000L;

    /** A wait that lasts so long may go on for minutes. */
    private static final long SETTLE_NANOS = 1_000_000_000;

    private final Exchange x;
    private final TimeoutsConfig timeouts;
    private final BackendConnection connection;
    private final Channel client;
    private final Channel backend;

    private @Nullable ExchangeException uploadBroken;
    private final Pace up;
    private final Pace down;
    private boolean responding;
    private boolean tunnelled;
    private boolean webSocket;
    private int interim;
    private long responseEnd = Deadline.NONE;

    Conversation(Exchange exchange, BackendConnection connection, TimeoutsConfig timeouts) {
        this.x = exchange;
        this.timeouts = timeouts;
        this.connection = connection;
        this.client = exchange.client.channel();
        this.backend = connection.channel();
        this.up = exchange.up.begin();
        this.down = exchange.down.begin();
    }

    /** Sends the request until its response begins; returns the length of the head of the final response. */
    int ask() throws ExchangeException {
        x.stageRequest(backend);
        if (!connection.isStillQuiet(x.stray)) {
            throw ExchangeException.of(Fault.BACKEND_RESET);
        }
        try {
            return awaitResponse();
        } finally {
            x.clock.goOn();
        }
    }

    /**
     * Relays the response, and what is still to come of the request.
     *
     * @return whether the backend connection may carry another one
     */
    boolean answer(int headLength) throws ExchangeException {
        x.upload.stopKeeping();
        if (x.response.status() == 101) {
            tunnel(headLength);
            return false;
        }
        respond(headLength);
        return x.upload.done()
                && uploadBroken == null
                && x.response.keepAlive()
                && !x.download.rest().hasRemaining();
    }

    private int awaitResponse() throws ExchangeException {
        while (true) {
            boolean moved = upload();
            int headLength = readHead();
            if (headLength >= 0) {
                return headLength;
            }
            goOn(moved);
        }
    }

    /** Waits where nothing could be moved; else lets others go first whose turn it is. */
    private void goOn(boolean moved) throws ExchangeException {
        if (moved) {
            client.passIfSpent();
        } else {
            awaitProgress();
        }
    }

    private void respond(int headLength) throws ExchangeException {
        x.reply.stage(headLength);
        responding = true;
        long time = timeouts.response().toNanos();
        responseEnd = time > 0 ? Deadline.in(time) : Deadline.NONE;
        while (!x.download.done()) {
            boolean moved = upload();
            moved |= stepDown();
            if (!x.download.done()) {
                expire(downward(), responseEnd); // a wait may never come
                goOn(moved);
            }
        }
    }

    private void tunnel(int headLength) throws ExchangeException {
        if (!x.upload.done() || !x.switchesAsAsked()) {
            throw ExchangeException.of(Fault.BAD_RESPONSE);
        }
        webSocket = "websocket".equalsIgnoreCase(x.response.findValue("upgrade"));
        x.reply.stageTunnel(headLength);
        responding = true;
        tunnelled = true;
        client.keepAlive();
        backend.keepAlive();
        boolean upOpen = true;
        boolean downOpen = true;
        while (upOpen || downOpen) {
            boolean moved = false;
            if (upOpen) {
                moved |= stepUp();
                upOpen = !closeWhenDone(x.upload, backend, down);
            }
            if (downOpen) {
                moved |= stepDown();
                downOpen = !closeWhenDone(x.download, client, up);
            }
            if (upOpen || downOpen) {
                goOn(moved);
            }
        }
    }

    /** Passes a half-close on, from when on the other direction has its time to end. */
    private static boolean closeWhenDone(BodyRelay direction, Channel to, Pace other) throws ExchangeException {
        if (!direction.done()) {
            return false;
        }
        try {
            to.shutdownOutput();
            other.moved();
            return true;
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        }
    }

    /** Moves the request on. If the backend takes no more of it, its answer may still come. */
    private boolean upload() throws ExchangeException {
        if (uploadEnded()) {
            return false;
        }
        try {
            return stepUp();
        } catch (ExchangeException e) {
            if (e.fault() != Fault.BACKEND_RESET) {
                throw e;
            }
            uploadBroken = e;
            return true;
        }
    }

    private boolean stepUp() throws ExchangeException {
        boolean moved = x.upload.step();
        if (moved) {
            up.moved();
        }
        return moved;
    }

    private boolean stepDown() throws ExchangeException {
        boolean moved = x.download.step();
        if (moved) {
            down.moved();
        }
        return moved;
    }

    private boolean uploadEnded() {
        return uploadBroken != null || x.upload.done();
    }

    /** Reads the head of the final response, relaying interim ones; returns its length, or -1 if more is to come. */
    private int readHead() throws ExchangeException {
        int length;
        while ((length = x.backend.readHead()) >= 0 && x.response.isInterim()) {
            relayInterim(length);
        }
        return length;
    }

    private void relayInterim(int length) throws ExchangeException {
        if (++interim > MAX_INTERIM) {
            throw ExchangeException.of(Fault.BAD_RESPONSE);
        }
        boolean relayed = x.request.minorVersion() >= 1;
        x.reply.stageInterim(length, relayed);
        if (!relayed) {
            return;
        }
        try {
            x.client.flush(Deadline.in(timeouts.body()));
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        }
    }

    /** Waits for what would make either direction go on. Where one has waited long enough, it is its fault who should have made it. */
    private void awaitProgress() throws ExchangeException {
        if (tunnelled) {
            x.settleTunnel();
        }
        Awaited upward = upward();
        Awaited downward = downward();
        boolean watching = upward == null || !upward.isOfClient();
        int clientOps = clientOps(upward) | clientOps(downward) | (watching && !tunnelled ? x.watch.ops() : 0);
        int backendOps = backendOps(upward) | backendOps(downward);
        setClock(upward);
        long now = Deadline.now();
        long upUntil = up.until(upward, now, time(upward), x.upload.content());
        long downUntil = down.until(downward, now, time(downward), x.download.content());
        if (downward == Awaited.RESPONSE_HEAD) {
            downUntil = Math.min(downUntil, x.clock.attemptEnd());
        }
        if (upward == Awaited.TUNNEL_UP && downward == Awaited.TUNNEL_DOWN) { // either is a sign of life for both
            upUntil = Math.max(upUntil, downUntil);
            downUntil = upUntil;
        }
        downUntil = Math.min(downUntil, responseEnd);
        long settleAt = x.maySettle() ? now + SETTLE_NANOS : Deadline.NONE;
        client.deadline(Math.min(upUntil, x.watch.lookAt(clientOps != 0, now)));
        backend.deadline(Math.min(downUntil, settleAt));
        boolean late = !await(clientOps, backendOps);
        up.waited();
        down.waited();
        if (watching) {
            x.watch.look(ahead());
        }
        if (late) {
            settle(settleAt);
            expire(upward, upUntil);
            expire(downward, downUntil);
        }
    }

    private @Nullable Awaited upward() {
        if (tunnelled ? x.upload.done() : uploadEnded()) {
            return null;
        }
        if (x.upload.blockedOnWrite()) {
            return Awaited.REQUEST_ROOM;
        }
        if (tunnelled) {
            return Awaited.TUNNEL_UP;
        }
        return awaitsContinue() ? Awaited.REQUEST_ASKED : Awaited.REQUEST_BODY;
    }

    private @Nullable Awaited downward() {
        if (!responding) {
            return uploadEnded() || awaitsContinue() ? Awaited.RESPONSE_HEAD : Awaited.RESPONSE_EARLY;
        }
        if (x.download.blockedOnWrite()) {
            return Awaited.RESPONSE_ROOM;
        }
        if (tunnelled) {
            return x.download.done() ? null : Awaited.TUNNEL_DOWN;
        }
        return Awaited.RESPONSE_BODY;
    }

    /** Whether it is the backend's move, which was asked if it wants the body, and the client waits for what it says. */
    private boolean awaitsContinue() {
        return !responding && x.reply.awaitsContinue() && x.upload.content() == 0;
    }

    private long time(@Nullable Awaited what) {
        if (what == null) {
            return Deadline.NONE;
        }
        return switch (what) {
            case REQUEST_ASKED, RESPONSE_EARLY -> Deadline.NONE;
            case REQUEST_BODY, REQUEST_ROOM, RESPONSE_ROOM ->
                tunnelled ? tunnelTime() : timeouts.body().toNanos();
            case RESPONSE_HEAD -> timeouts.firstByte().toNanos();
            case RESPONSE_BODY -> timeouts.responseIdle().toNanos();
            case TUNNEL_UP, TUNNEL_DOWN -> tunnelTime();
        };
    }

    /** A tunnel that is half closed has less time to be silent; of a WebSocket, which knows no half-close, there is little left to be said. */
    private long tunnelTime() {
        if (!x.upload.done() && !x.download.done()) {
            return timeouts.tunnel().toNanos();
        }
        long fin = Math.min(timeouts.tunnelFin().toNanos(), timeouts.tunnel().toNanos());
        return webSocket ? Math.min(fin, WEB_SOCKET_FIN_NANOS) : fin;
    }

    /** The time of the request stands still as long as it is the client's move. */
    private void setClock(@Nullable Awaited upward) {
        if (upward == null || upward == Awaited.REQUEST_ASKED) {
            x.clock.goOn();
        } else {
            x.clock.stop();
        }
    }

    private ClientWatch.Ahead ahead() {
        if (!responding) {
            return ClientWatch.Ahead.STATUS;
        }
        return !tunnelled && x.download.isBetweenChunks() ? ClientWatch.Ahead.CHUNK_SIZE : ClientWatch.Ahead.NOTHING;
    }

    private static int clientOps(@Nullable Awaited what) {
        return what == null ? 0 : what.clientOps();
    }

    private static int backendOps(@Nullable Awaited what) {
        return what == null ? 0 : what.backendOps();
    }

    /** False if a deadline passed; whose it was is seen by the time. */
    private boolean await(int clientOps, int backendOps) throws ExchangeException {
        try {
            Channel.awaitAny(client, clientOps, backend, backendOps);
            return true;
        } catch (DeadlineException e) {
            return false;
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e); // closed by a stop that would wait no longer
        }
    }

    private void settle(long at) {
        if (Deadline.passed(at) && x.maySettle()) { // what came of the client meanwhile may need its room
            x.settle();
        }
    }

    private void expire(@Nullable Awaited what, long until) throws ExchangeException {
        if (what != null && Deadline.passed(until)) {
            throw ExchangeException.of(what.fault());
        }
    }
}
