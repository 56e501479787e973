// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How a connection to a client ends in good order (docs/adr/0016): what was said leaves first, and a client that still sends is listened to,
 * within these bounds. Closing with unread input makes the host send a reset, which can overtake the response.
 *
 * <p>Threading: by the virtual thread of the connection.
 *
 * @param time how long a client that still sends, and reads our answer only then, is listened to before the connection is closed; nginx's
 *     lingering_time
 * @param idle how long if it sends nothing, or if there is a stop; nginx's lingering_timeout
 * @param bytes as long as it does not send more than this: by then it is no client that reads later, but one that never will
 */
record Ending(Duration time, Duration idle, long bytes) {

    static final Ending USUAL = new Ending(Duration.ofSeconds(30), Duration.ofSeconds(5), 512L << 20);

    /** The first pause between two questions whether all has arrived; each is twice as long as the one before, up to a limit. */
    private static final int PAUSE = 1;

    private static final int LONGEST_PAUSE = 32;

    /** Ends what was a whole answer. */
    void finish(Channel client, boolean sends, ByteBuffer scratch, BooleanSupplier draining) throws IOException {
        if (sends) {
            client.shutdownOutput();
        }
        client.finish();
        if (sends) {
            linger(client, scratch, draining);
        }
    }

    /**
     * Ends what was not, so that it can be told from one: where the framing tells, by an end without a goodbye, and else by a reset, as soon
     * as the client's host has got all there was before the break, of which a reset would take away what is under way. All that was staged has left.
     *
     * @param endIsMessage whether the response has no other end than that of the connection
     */
    void breakOff(Channel client, boolean endIsMessage, boolean sends, ByteBuffer scratch, BooleanSupplier draining)
            throws IOException {
        if (endIsMessage) {
            awaitArrival(client, draining);
            client.abort();
            return;
        }
        client.breakOff();
        if (sends) {
            linger(client, scratch, draining);
        }
    }

    private void awaitArrival(Channel client, BooleanSupplier draining) throws IOException {
        long begun = Deadline.now();
        for (int pause = PAUSE; client.isOpen() && !client.hasArrived(); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            Duration most = draining.getAsBoolean() ? idle : time;
            if (Deadline.passed(begun + most.toNanos())) {
                return;
            }
            pause(pause);
        }
    }

    /** An interrupt, which stays set, ends the connection. */
    static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Reads what still comes, into nowhere, until the client has ended its stream as well, or a bound is reached. */
    void linger(Channel client, ByteBuffer scratch, BooleanSupplier draining) throws IOException {
        long until = Deadline.in(time);
        long left = bytes;
        int n;
        do {
            long silence = Deadline.in(idle);
            until = draining.getAsBoolean() ? Math.min(until, silence) : until;
            client.deadline(Math.min(until, silence));
            client.passIfSpent();
            n = client.read(scratch.clear());
            left -= n;
        } while (n >= 0 && left > 0 && !Deadline.passed(until));
    }
}
