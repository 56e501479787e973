// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * GETs at a fixed rate over keep-alive connections, each latency counted from when the request was to be sent, so that a server that stalls
 * cannot hide it by holding up the load. Prints how many were answered, how many were not, and the latencies in microseconds.
 *
 * <p>A selector waits for whole milliseconds or for events, so the sending, which has to be on time, is a thread of its own.
 */
public final class OpenLoop {

    static final Program PROGRAM = new Program(
            "OpenLoop", "--url U --rate R --connections N --seconds S --warm-up W [--insecure]", OpenLoop::run);

    /** As much of a response as is looked at in one go; more than four TLS records. */
    private static final int BUFFER = 80 << 10;

    private static final long LEAD = TimeUnit.MILLISECONDS.toNanos(10);

    private OpenLoop() {}

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out)
            throws UsageException, IOException, InterruptedException {
        Target target = args.url("--url");
        var connector = new Connector(target, args.has("--insecure"));
        int rate = args.number("--rate", 1, 100_000);
        int connections = args.number("--connections", 1, 10_000);
        int seconds = args.number("--seconds", 1, 600);
        int warmUp = args.number("--warm-up", 0, 600);
        try (Selector selector = Selector.open()) {
            Traffic.Opener opener = () -> LoopConnection.open(connector, selector);
            List<LoopConnection> opened = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                opened.add(opener.open());
            }
            var schedule = new Schedule(System.nanoTime() + LEAD, rate, warmUp, seconds);
            var traffic = new Traffic(schedule, target.get(""), opened, opener);
            Thread receiver = Thread.ofPlatform().name("receiver").start(() -> receive(selector, traffic));
            send(schedule, traffic);
            traffic.finish();
            out.println(traffic.result());
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
            receiver.join();
        }
    }

    private static void send(Schedule schedule, Traffic traffic) {
        TimerSlack.minimize();
        for (long number = 0; number < schedule.size(); number++) {
            schedule.await(number);
            traffic.due();
        }
    }

    private static void receive(Selector selector, Traffic traffic) {
        ByteBuffer buf = ByteBuffer.allocateDirect(BUFFER);
        Consumer<SelectionKey> action = key -> traffic.receive((LoopConnection) key.attachment(), buf);
        try {
            while (selector.isOpen()) {
                selector.select(action);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClosedSelectorException e) {
            // Closed between the look at it and the selection: the end.
        }
    }
}
