// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import io.waffle.dist.wire.Body.Framing;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request as a backend received it: its head at once, its body when the handler has read it. Any thread. */
record BackendRequest(Head head, BackendConnection connection, CompletableFuture<Body> received) {

    /** Waits for the body to be read; fails with what broke it, if it broke. */
    Body body() {
        try {
            return received.get(RawClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("body of\n" + head.raw() + e, e);
        }
    }

    /** Waits until reading the body has failed, and says how. */
    Throwable brokenBy() {
        try {
            Body body = received.get(RawClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            throw new AssertionError("a whole body: '" + body.text() + "' (expected: none) of\n" + head.raw());
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("body of\n" + head.raw() + e, e);
        }
    }

    /** Reads the body from the connection; for handlers, once. */
    Body readBody() throws IOException {
        try {
            Body body = connection.reader().body(framing(), length());
            received.complete(body);
            return body;
        } catch (IOException e) {
            received.completeExceptionally(e);
            throw e;
        }
    }

    Framing framing() throws IOException {
        boolean chunked = head.has("Transfer-Encoding");
        if (chunked && head.has("Content-Length")) {
            throw new Malformed("both Transfer-Encoding and Content-Length in\n" + head.raw());
        }
        if (chunked && !head.value("Transfer-Encoding").orElseThrow().equals("chunked")) {
            throw new Malformed("Transfer-Encoding is not exactly chunked in\n" + head.raw());
        }
        return chunked ? Framing.CHUNKED : head.has("Content-Length") ? Framing.LENGTH : Framing.NONE;
    }

    long length() {
        return head.value("Content-Length").map(Long::parseLong).orElse(0L);
    }
}
