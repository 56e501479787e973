// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.TimeoutsConfig;
import io.waffle.server.http.HeadException;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one backend connection, from sending the request to the end of the response. One thread drives both directions: it moves what
 * can be moved, and else waits for client and backend at once. So a response may begin while the request is still coming, a client that leaves
 * is noticed while the backend works, and a tunnel needs no second thread.
 */
final class Conversation {

    private static final int MAX_INTERIM = 64;

    private final Exchange x;
    private final TimeoutsConfig timeouts;
    private final Channel client;
    private final Channel backend;

    private @Nullable ExchangeException uploadBroken;
    private boolean responding;
    private boolean tunnelled;
    private int interim;
    private long firstByteDeadline = Deadline.NONE;

    Conversation(Exchange exchange, BackendConnection connection, TimeoutsConfig timeouts) {
        this.x = exchange;
        this.timeouts = timeouts;
        this.client = exchange.client();
        this.backend = connection.channel();
    }

    /** Sends the request until its response begins; returns the length of the head of the final response. */
    int ask() throws ExchangeException {
        x.stageRequest(backend);
        x.clock.stop();
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
            if (uploadEnded() && firstByteDeadline == Deadline.NONE) {
                x.clock.goOn();
                firstByteDeadline = Math.min(Deadline.in(timeouts.firstByte()), x.clock.end());
            }
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
        x.stageResponse(headLength);
        responding = true;
        while (!x.download.done()) {
            boolean moved = upload();
            moved |= x.download.step();
            if (!x.download.done()) {
                goOn(moved);
            }
        }
    }

    private void tunnel(int headLength) throws ExchangeException {
        if (!x.upload.done() || !x.switchesAsAsked()) {
            throw ExchangeException.of(Fault.BAD_RESPONSE);
        }
        x.stageTunnel(headLength);
        responding = true;
        tunnelled = true;
        boolean upOpen = true;
        boolean downOpen = true;
        while (upOpen || downOpen) {
            boolean moved = false;
            if (upOpen) {
                moved |= x.upload.step();
                upOpen = !closeWhenDone(x.upload, backend);
            }
            if (downOpen) {
                moved |= x.download.step();
                downOpen = !closeWhenDone(x.download, client);
            }
            if (upOpen || downOpen) {
                goOn(moved);
            }
        }
    }

    /** Passes a half-close on. */
    private static boolean closeWhenDone(BodyRelay direction, Channel to) throws ExchangeException {
        if (!direction.done()) {
            return false;
        }
        try {
            to.shutdownOutput();
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
            return x.upload.step();
        } catch (ExchangeException e) {
            if (e.fault() != Fault.BACKEND_RESET) {
                throw e;
            }
            uploadBroken = e;
            return true;
        }
    }

    private boolean uploadEnded() {
        return uploadBroken != null || x.upload.done();
    }

    /** Reads the head of the final response, relaying interim ones; returns its length, or -1 if more is to come. */
    private int readHead() throws ExchangeException {
        while (true) {
            int length = parseHead();
            if (length < 0) {
                if (!fillAnswer()) {
                    return -1;
                }
            } else if (!x.response.isInterim()) {
                return length;
            } else {
                relayInterim(length);
            }
        }
    }

    private int parseHead() throws ExchangeException {
        try {
            return x.response.parse(x.answer().buffer(), x.answer().received());
        } catch (HeadException e) {
            throw ExchangeException.of(Fault.BAD_RESPONSE, e);
        }
    }

    private boolean fillAnswer() throws ExchangeException {
        ByteBuffer answer = x.answer().room();
        int n;
        try {
            n = backend.tryRead(answer);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.BACKEND_RESET, e);
        }
        if (n < 0) {
            throw ExchangeException.of(answer.position() > 0 || interim > 0 ? Fault.BAD_RESPONSE : Fault.BACKEND_RESET);
        }
        if (n > 0) {
            x.markFirstByte();
        }
        return n > 0;
    }

    private void relayInterim(int length) throws ExchangeException {
        if (++interim > MAX_INTERIM) {
            throw ExchangeException.of(Fault.BAD_RESPONSE);
        }
        boolean relayed = x.request.minorVersion() >= 1;
        x.stageInterim(length, relayed);
        if (!relayed) {
            return;
        }
        try {
            x.flushToClient(Deadline.in(timeouts.body()));
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e);
        }
    }

    private void awaitProgress() throws ExchangeException {
        boolean uploading = tunnelled ? !x.upload.done() : !uploadEnded();
        boolean watching = !uploading && !tunnelled && x.upload.mayReadAhead() && x.watch.mayLook(x.upload.rest());
        int clientOps = 0;
        int backendOps = 0;
        if (uploading && x.upload.blockedOnWrite()) {
            backendOps |= Channel.WRITE;
        } else if (uploading || watching) {
            clientOps |= Channel.READ;
        }
        if (responding && x.download.blockedOnWrite()) {
            clientOps |= Channel.WRITE;
        } else if (!(tunnelled && x.download.done())) {
            backendOps |= Channel.READ;
        }
        setDeadlines(uploading, clientOps, backendOps);
        await(clientOps, backendOps);
        if (watching && client.isReadable()) {
            x.watch.look(x.upload.rest());
        }
    }

    private void setDeadlines(boolean uploading, int clientOps, int backendOps) {
        if (tunnelled) {
            client.deadline(Deadline.in(timeouts.tunnel()));
            backend.deadline(Deadline.NONE);
        } else if (!responding && !uploading) {
            client.deadline(x.watch.probeAt());
            backend.deadline(firstByteDeadline);
        } else {
            long idle = Deadline.in(timeouts.body());
            boolean onClient = (uploading && (clientOps & Channel.READ) != 0) || (clientOps & Channel.WRITE) != 0;
            client.deadline(onClient ? idle : responding ? Deadline.NONE : x.watch.probeAt());
            boolean onBackend = (backendOps & Channel.WRITE) != 0 || (responding && (backendOps & Channel.READ) != 0);
            backend.deadline(onBackend ? idle : Deadline.NONE);
        }
    }

    private void await(int clientOps, int backendOps) throws ExchangeException {
        try {
            Channel.awaitAny(client, clientOps, backend, backendOps);
        } catch (DeadlineException e) {
            onDeadline(e, clientOps);
        } catch (IOException e) {
            throw ExchangeException.of(Fault.CLIENT_GONE, e); // closed by a stop that would wait no longer
        }
    }

    private void onDeadline(DeadlineException e, int clientOps) throws ExchangeException {
        if (!e.of(client)) {
            throw ExchangeException.of(Fault.BACKEND_TIMEOUT, e);
        }
        if (Deadline.passed(x.watch.probeAt()) && !responding) {
            x.watch.probe();
        } else {
            boolean answerable = !responding && (clientOps & Channel.WRITE) == 0;
            throw ExchangeException.of(answerable ? Fault.CLIENT_TOO_SLOW : Fault.CLIENT_GONE, e);
        }
    }
}
