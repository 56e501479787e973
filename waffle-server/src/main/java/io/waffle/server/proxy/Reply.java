// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.Framing;
import io.waffle.server.loop.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * What a client is told: interim responses, then the final one, which is a backend's or one of our own; and how far that has come. The head is
 * staged here, with what was promised by it; a body follows by {@link Exchange#download}. Used again with its {@link Exchange}.
 */
final class Reply {

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** So many bytes of a body nobody wants are read, so that the connection can go on. */
    static final int DRAINED = 256 * 1024;

    private final Exchange x;
    private final Rewriting rewriting;
    private final BooleanSupplier draining;
    private final Outlet out;

    private boolean last;
    private boolean keepAlive;
    private boolean continued;
    private boolean endsByClose;
    private boolean begun;
    private boolean broken;
    private int status;
    private int headSent;
    private long retryAfter;

    Reply(Exchange exchange, Rewriting rewriting, BooleanSupplier draining) {
        this.x = exchange;
        this.rewriting = rewriting;
        this.draining = draining;
        this.out = exchange.client.out;
    }

    /** Nothing is told yet. */
    void begin() {
        last = false;
        keepAlive = false;
        continued = false;
        endsByClose = false;
        begun = false;
        broken = false;
        status = 0;
        retryAfter = 0;
    }

    /** Whatever it will be, the connection is to carry no other. */
    void isLast() {
        last = true;
    }

    /** Stages an interim response and takes it out of the answer. */
    void stageInterim(int length, boolean relayed) {
        if (relayed) {
            out.open(x.client.channel(), rewriting.responseBound(x.response));
            rewriting.writeResponse(x.response, x.backend.head(), out.staging(), true);
            x.watch.cutAhead(out.staging());
            continued |= x.response.status() == 100;
        }
        x.backend.dropHead(length);
    }

    /** Stages the word that the client may send its body. */
    void stageContinue() {
        out.openForOwn(x.client.channel(), CONTINUE.length);
        out.staging().put(CONTINUE);
        continued = true;
    }

    /** Whether the client may still be waiting to be told to send its body. */
    boolean awaitsContinue() {
        return x.request.expectsContinue() && !continued;
    }

    /** Stages the head of the final response. */
    void stage(int length) {
        Framing framing = x.response.framing(x.request.isHead());
        Framing written = rewriting.framing(x.response);
        endsByClose = written == Framing.CLOSE;
        keepAlive = mayKeepAlive() && !endsByClose;
        if (endsByClose) {
            x.client.channel().endIsMessage(true);
        }
        stageHead(keepAlive);
        ByteBuffer body = x.backend.takeBody(length);
        boolean chunked = written == Framing.CHUNKED;
        x.download.adopt(x.backend.channel(), body, framing, x.response.contentLength(), chunked);
    }

    /** Stages the 101, and whatever came behind it; from here on bytes pass as they are. */
    void stageTunnel(int length) {
        keepAlive = false;
        stageHead(true);
        x.download.adopt(x.backend.channel(), x.backend.takeBody(length), Framing.CLOSE, -1, false);
        x.upload.beginTunnel();
    }

    private void stageHead(boolean stays) {
        rewriting.setting(x.selection.renewal(Exchange.present(x.chosen())), x.request, x.response);
        out.open(x.client.channel(), rewriting.responseBound(x.response));
        begun = true;
        rewriting.writeResponse(x.response, x.backend.head(), out.staging(), stays);
        staged(x.response.status(), 0);
    }

    /**
     * Stages a response of our own in place of any other.
     *
     * @param whole whether the request itself was in order, so that the next one can be found behind it
     */
    void stageLocal(int code, String text, boolean whole) {
        keepAlive = whole && mayKeepAlive();
        Page page = x.errorPages().find(code);
        if (page != null) {
            out.openForOwn(x.client.channel(), LocalAnswer.ROOM + Outlet.COPIED);
            LocalAnswer.writeHead(out.staging(), code, page, x.request, keepAlive, rewriting.date(), retryAfter);
            staged(code, page);
            return;
        }
        out.openForOwn(x.client.channel(), LocalAnswer.ROOM);
        staged(code, LocalAnswer.write(out.staging(), code, text, x.request, keepAlive, rewriting.date(), retryAfter));
    }

    /** Answers with what an operator has written; returns when it has left. */
    void answer(OwnAnswer answer) throws IOException {
        keepAlive = mayKeepAlive();
        out.openForOwn(x.client.channel(), answer.room(x));
        answer.writeHead(out.staging(), x, keepAlive);
        staged(answer.status(), answer.content());
        x.client.flush(Deadline.in(x.route().timeouts().body()));
    }

    /** The head is staged now, and this is behind it. */
    private void staged(int code, Page content) {
        staged(code, 0);
        if (content.length() > 0 && !x.request.isHead()) {
            out.inChunks(false);
            out.run(content.body().duplicate(), content.length());
        }
    }

    /** Its head is staged now, with so many bytes of its body. */
    private void staged(int code, int body) {
        x.watch.cutAhead(out.staging());
        status = code;
        headSent = out.staging().position() - body;
    }

    private boolean mayKeepAlive() {
        return x.request.keepAlive() && !draining.getAsBoolean() && mayReadRest() && !endsBehind() && !last;
    }

    /** Whether the client has ended its stream behind this request: one that it has sent before that is answered, too. */
    private boolean endsBehind() {
        return x.watch.ended() && !x.upload.rest().hasRemaining();
    }

    /** Whether what is still to come of the body is, as far as we know, little enough to be read for the sake of the connection. */
    private boolean mayReadRest() {
        return x.upload.sourceEnded() || (!awaitsContinue() && x.upload.left() <= DRAINED);
    }

    /** In how many seconds the client may ask again that is refused now. */
    void retryAfter(long seconds) {
        retryAfter = seconds;
    }

    /** Whether the client was told that the connection stays. */
    boolean keepsAlive() {
        return keepAlive;
    }

    /** Whether the head of a backend's final response was staged. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether nothing of a final response has left yet, so that it may still be replaced. */
    boolean isReplaceable() {
        return !begun || out.written() == 0;
    }

    /** The status of the final response; 0 if there is none. */
    int status() {
        return status;
    }

    /** How many bytes of the final response have left behind its head. */
    long bodySent() {
        return status == 0 ? 0 : Math.max(0, out.written() - headSent);
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
}
