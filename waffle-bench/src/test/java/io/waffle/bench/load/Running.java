// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program that holds something until its input ends, which {@link #close} does and then waits for its exit code. */
final class Running implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final PipedOutputStream toInput = new PipedOutputStream();
    private final CompletableFuture<Integer> code;

    private Running(Program program, String... args) throws IOException {
        var input = new PipedInputStream(toInput);
        var output = new PipedInputStream();
        var out = new PrintStream(new PipedOutputStream(output), true, StandardCharsets.UTF_8);
        code = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            code.complete(program.run(args, input, out, System.err));
            out.close();
        });
        String line = new String(output.readNBytes("ready".length()), StandardCharsets.UTF_8);
        if (!line.equals("ready")) {
            throw new IOException(program.name() + " said: " + line);
        }
    }

    /** Returns when it has said that it is ready. */
    static Running start(Program program, String... args) throws IOException {
        return new Running(program, args);
    }

    int end() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        toInput.close();
        return code.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        toInput.close();
    }
}
