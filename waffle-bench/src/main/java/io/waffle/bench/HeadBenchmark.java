// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.server.http.HeadException;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.HttpDate;
import io.waffle.server.http.RequestHead;
import io.waffle.server.http.RequestHeadWriter;
import io.waffle.server.http.RequestRewrite;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.http.ResponseHeadWriter;
import io.waffle.server.http.ResponseRewrite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a head costs to parse, and to write as the other side is to see it: the four together are what a request pays for its heads. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class HeadBenchmark {

    /** Whose heads. */
    @Param
    public Heads from = Heads.CURL;

    private final RequestHead request = new RequestHead(HeadLimits.DEFAULT);
    private final ResponseHead response = new ResponseHead(HeadLimits.DEFAULT);
    private final RequestHeadWriter requestWriter = new RequestHeadWriter();
    private final ResponseHeadWriter responseWriter = new ResponseHeadWriter(new HttpDate(InstantSource.system()));
    private final RequestRewrite requestRewrite = new RequestRewrite()
            .clientAddress("192.0.2.7".getBytes(StandardCharsets.US_ASCII))
            .listenerPort(8080)
            .backendAuthority("127.0.0.1:3000".getBytes(StandardCharsets.US_ASCII));
    private final ResponseRewrite responseRewrite = new ResponseRewrite();
    private final ByteBuffer out = ByteBuffer.allocateDirect(16 << 10);
    private ByteBuffer requestBytes = out;
    private ByteBuffer responseBytes = out;

    /** Parses both once, for those that only write. */
    @Setup
    public void setUp() throws HeadException {
        requestBytes = from.request();
        responseBytes = from.response();
        parseRequest();
        parseResponse();
    }

    @Benchmark
    public final int parseRequest() throws HeadException {
        request.reset();
        return request.parse(requestBytes, requestBytes.limit());
    }

    @Benchmark
    public final int parseResponse() throws HeadException {
        response.reset();
        return response.parse(responseBytes, responseBytes.limit());
    }

    /** With all the fields a proxy adds. */
    @Benchmark
    public int writeRequest() {
        out.clear();
        return requestWriter.write(request, requestBytes, out, requestRewrite);
    }

    @Benchmark
    public int writeResponse() {
        out.clear();
        return responseWriter.write(response, responseBytes, out, responseRewrite);
    }
}
