// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;

/** Runs a program: reads its options, and turns what goes wrong into one line and an exit code. */
record Program(String name, String usage, Body body) {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    /** What a program does; what it prints is its result, and its input ends when it is to stop. */
    @FunctionalInterface
    interface Body {
        void run(Arguments arguments, InputStream in, PrintStream out)
                throws UsageException, IOException, InterruptedException;
    }

    /** Runs it with the streams of this process, and ends the process. */
    void main(String... args) {
        System.exit(run(args, System.in, System.out, System.err));
    }

    int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        try {
            body.run(Arguments.parse(usage, args), in, out);
            return OK;
        } catch (UsageException e) {
            err.println(name + ": " + e.getMessage());
            return WRONG_USAGE;
        } catch (IOException e) {
            err.println(name + ": " + e);
            return FAILED;
        } catch (InterruptedException e) {
            err.println(name + ": interrupted");
            return FAILED;
        }
    }

    /** Says that what was asked for is there, and waits until the input ends. */
    static void hold(InputStream in, PrintStream out) throws IOException {
        out.println("ready");
        out.flush();
        while (in.read() >= 0) {
            // Whatever comes means nothing but that we are still wanted.
        }
    }
}
