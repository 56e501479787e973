// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Ever new TLS connections with full handshakes and one GET each, at a rate, or as fast as so many at once can when the rate is 0. A latency is
 * that from the handshake's start, or from when it was due, to the answer's end.
 */
public final class TlsChurn {

    static final Program PROGRAM =
            new Program("TlsChurn", "--url U --rate R --concurrent C --seconds S", TlsChurn::run);

    /** For those at the end of the time; what takes longer is an error. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(5);

    private TlsChurn() {}

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out)
            throws UsageException, IOException, InterruptedException {
        Target target = args.url("--url");
        if (!target.secure()) {
            throw new UsageException("--url: " + target.uri() + " (expected: https)");
        }
        int rate = args.number("--rate", 0, 10_000);
        int concurrent = args.number("--concurrent", 1, 1_000);
        int seconds = args.number("--seconds", 1, 600);
        var openSsl = OpenSsl.to(target.uri().getHost() + ":" + target.address().getPort());
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        Turns turns = rate == 0 ? new Turns.Unpaced(end) : new Turns.Paced(new Schedule(start, rate, 0, seconds));
        var churn = new Churn(openSsl, target.get("Connection: close\r\n"), turns);
        churn.run(concurrent, end + GRACE);
        out.println(churn.result());
    }
}
