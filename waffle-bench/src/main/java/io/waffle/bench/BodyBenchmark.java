// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.server.http.BodyDecoder;
import io.waffle.server.http.Framing;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.TrailerRules;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What finding the content of a chunked body costs, its content not being touched: eight chunks, and their end. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class BodyBenchmark {

    private static final int CHUNKS = 8;

    /** Bytes in each chunk. */
    @Param({"100", "8192"})
    public int chunk;

    private final BodyDecoder decoder = new BodyDecoder(TrailerRules.REQUEST);
    private ByteBuffer body = ByteBuffer.allocateDirect(0);

    /** Writes the body. */
    @Setup
    public void setUp() {
        String line = Integer.toHexString(chunk) + "\n" + "x".repeat(chunk) + "\n";
        body = Heads.buffer(line.repeat(CHUNKS) + "0\n\n");
    }

    @Benchmark
    public long chunked() throws HeadException {
        body.rewind();
        decoder.begin(Framing.CHUNKED, 0);
        int there = decoder.next(body);
        while (there > 0) {
            body.position(body.position() + there);
            decoder.taken(there);
            there = decoder.next(body);
        }
        return decoder.contentBytes();
    }
}
