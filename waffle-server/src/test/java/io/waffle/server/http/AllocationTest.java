// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A message costs no garbage: parsing, rewriting and decoding work on objects that live as long as the connection. */
final class AllocationTest {

    private static final int ROUNDS = 2_000;

    private final RequestHead request = new RequestHead(HeadLimits.DEFAULT);
    private final ResponseHead response = new ResponseHead(HeadLimits.DEFAULT);
    private final BodyDecoder decoder = new BodyDecoder(TrailerRules.REQUEST);
    private final RequestHeadWriter requests = new RequestHeadWriter();
    private final ResponseHeadWriter responses =
            new ResponseHeadWriter(new HttpDate(InstantSource.fixed(Instant.EPOCH)));
    private final RequestRewrite requestRewrite =
            new RequestRewrite().clientAddress(Out.ascii("192.0.2.7")).backendAuthority(Out.ascii("b:1"));
    private final ResponseRewrite responseRewrite = new ResponseRewrite().adding(Out.ascii("Set-Cookie: w=x\r\n"));
    private final ByteBuffer requestBytes = Wire.buffer(
            "POST /x?y=z HTTP/1.1\r\nHost: a\r\nUser-Agent: u\r\nConnection: keep-alive, X\r\nX: y\r\nTE: trailers\r\n"
                    .concat("X-Forwarded-For: 192.0.2.1\r\nTransfer-Encoding: chunked\r\n\r\n"));
    private final ByteBuffer responseBytes =
            Wire.buffer("HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\n");
    private final ByteBuffer body = Wire.buffer("5;a=b\r\nhello\r\n0\r\nSum: 1\r\n\r\n");
    private final ByteBuffer out = ByteBuffer.allocateDirect(4096);

    @Test
    void messagesCostNoGarbage() throws HeadException {
        rounds(); // loads classes and grows arrays
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        rounds();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // One object of the smallest size per round would be 16 bytes; what the measuring itself allocates is far below
        // one per ten.
        assertTrue(allocated < ROUNDS * 16 / 10, allocated + " bytes in " + ROUNDS + " rounds");
    }

    private void rounds() throws HeadException {
        for (int i = 0; i < ROUNDS; i++) {
            request.reset();
            request.parse(requestBytes, requestBytes.capacity());
            out.clear();
            requests.write(request, requestBytes, out, requestRewrite);
            response.reset();
            response.parse(responseBytes, responseBytes.capacity());
            out.clear();
            responses.write(response, responseBytes, out, responseRewrite);
            decode();
        }
    }

    private void decode() throws HeadException {
        body.clear();
        decoder.begin(request.framing(), request.contentLength());
        int there = decoder.next(body);
        while (there > 0) {
            body.position(body.position() + there);
            decoder.taken(there);
            there = decoder.next(body);
        }
        out.clear();
        decoder.writeTrailers(out);
    }
}
